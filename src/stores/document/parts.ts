import type { NextTurn } from "../../turn.ts";

/** Texts below this number of characters are parsed whole: a few milliseconds. */
const MIN_SIZE = 65_536;
/** The number of characters that are parsed at once. */
const PART_SIZE = 16_384;

// The layout of `serializeDocument`. No line of a string in JSON begins at its margin: a string has no line breaks.
const OPENING = '\n  "sites": {\n';
const CLOSING = "\n  }";
const BETWEEN = "\n    },\n";
/** Stands for the sites in the frame. */
const PLACE = "__sites__";

interface ParsedParts {
  /** The text without its sites. */
  readonly frame: object;
  readonly sites: readonly (readonly [id: string, site: unknown])[];
}

/**
 * Parses a large text in parts: the frame, and the members of its `sites`. Returns `null` if the text is small, or has another layout, or
 * is not JSON. Each part is JSON on its own, so the result is that of the whole text.
 */
export async function parseInParts(text: string, turn: NextTurn): Promise<ParsedParts | null> {
  const start = text.length < MIN_SIZE ? -1 : text.indexOf(OPENING);
  const end = start === -1 ? -1 : text.indexOf(CLOSING, start + OPENING.length - 1);
  if (end === -1) return null;
  try {
    const frame = frameOf(`${text.slice(0, start)}\n  "sites": {"${PLACE}": null${text.slice(end)}`);
    if (frame === null) return null;
    const sites: (readonly [string, unknown])[] = [];
    for (let from = start + OPENING.length; from < end; ) {
      const cut = text.indexOf(BETWEEN, from + PART_SIZE);
      const isLast = cut === -1 || cut >= end;
      await turn();
      sites.push(...Object.entries(JSON.parse(`{${text.slice(from, isLast ? end : cut)}${isLast ? "" : "\n    }"}}`)));
      from = isLast ? end : cut + BETWEEN.length;
    }
    return { frame, sites };
  } catch {
    return null;
  }
}

/** Returns the frame with no sites; `null` if its place for them is not where they belong. */
function frameOf(text: string): object | null {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== "object" || frame === null || !("sites" in frame)) return null;
  return JSON.stringify(frame.sites) === JSON.stringify({ [PLACE]: null }) ? { ...frame, sites: {} } : null;
}
