import { type DocumentContent, type HistoryEntry, parseDocument, parseEntry, type UnreadableEntry } from "./format.ts";

const START = '\n  "history": [\n    {';
const BETWEEN = "\n    },\n    {";
const END = "\n    }\n  ]";
const PLACEHOLDER = "the entries";

/** The entries of the last text. */
interface Known {
  /** The part between `START` and `END`. */
  readonly text: string;
  readonly entries: readonly (HistoryEntry | UnreadableEntry)[];
  /** Where each entry ends in `text`. */
  readonly ends: readonly number[];
}

/**
 * Returns a parser for texts that follow each other: the entries of the history that were in the text before are compared with it and not
 * parsed again. Texts in another format than `serializeDocument` writes are parsed whole.
 */
export function documentParser(subject: string, fix: string): (text: string) => Promise<DocumentContent> {
  let known: Known = { text: "", entries: [], ends: [] };

  async function parseWithKnown(text: string): Promise<DocumentContent | null> {
    const start = text.indexOf(START) + START.length;
    const end = text.lastIndexOf(END);
    if (start < START.length || end < start) return null;
    // With a placeholder instead of the entries: if it is found where they belong, the text has the expected structure.
    const others = `${text.slice(0, start - 1)}"${PLACEHOLDER}"${text.slice(end + END.lastIndexOf("\n"))}`;
    const content = await parseDocument(others, subject);
    const [place, second] = content.history;
    if (place === undefined || second !== undefined || !("raw" in place) || place.raw !== PLACEHOLDER) return null;
    known = entriesIn(text.slice(start, end), known);
    return { ...content, history: known.entries };
  }

  function entriesIn(text: string, before: Known): Known {
    const entries: (HistoryEntry | UnreadableEntry)[] = [];
    const ends: number[] = [];
    for (let from = 0; from <= text.length; ) {
      const shared = sharedEntries(text.slice(from), before);
      if (shared > 0) {
        entries.push(...before.entries.slice(0, shared));
        ends.push(...before.ends.slice(0, shared).map((end) => end + from));
        break;
      }
      const next = text.indexOf(BETWEEN, from);
      const end = next === -1 ? text.length : next;
      entries.push(parseEntry(`{${text.slice(from, end)}}`, subject, entries.length));
      ends.push(end);
      from = end + BETWEEN.length;
    }
    return { text, entries, ends };
  }

  return async (text) => {
    try {
      const content = await parseWithKnown(text);
      if (content !== null) return content;
    } catch {
      // Parsed again as a whole, for the position of the fault in the message.
    }
    return await parseDocument(text, subject, fix);
  };
}

/** Returns how many entries `rest` has if they are the first of those before; otherwise 0. The oldest are dropped from time to time. */
function sharedEntries(rest: string, { text, entries, ends }: Known): number {
  const count = ends.indexOf(rest.length) + 1;
  // The message of an unreadable entry contains its place in the list.
  return count > 0 && text.slice(0, rest.length) === rest && entries.every((entry) => !("raw" in entry)) ? count : 0;
}
