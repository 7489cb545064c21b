import type { ChangeDraft, StateChange } from "../store.ts";
import { serializeChange } from "./change.ts";
import type { LogHead, LogView } from "./view.ts";

/** A message with a change. Earlier releases send only a version or an empty text; a later release may send anything. */
const PREFIX = "1 ";
/** The stamps of an imported state are derived from its lineage and can be guessed. */
const RANDOM_STAMP = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Every gate receives a message, whether it needs it or not. */
const MAX_BYTES = 65_536;

/**
 * Returns the message that announces `draft` as the change after `latest`. It contains the stamp of `latest`, which only clients that may
 * read the state know: on most channels any client of the server can publish. Returns an empty text, a hint without the change, if the
 * message would have more than `maxBytes` bytes.
 */
export function changeMessage(draft: ChangeDraft, latest: LogHead | null, maxBytes = MAX_BYTES): string {
  if (latest === null || !RANDOM_STAMP.test(latest.stamp)) return "";
  const position = JSON.stringify({ after: latest.stamp, lineage: latest.lineage, version: latest.version + 1 });
  const message = `${PREFIX}${position.slice(0, -1)},${serializeChange(draft).slice(1)}`;
  return new TextEncoder().encode(message).length > maxBytes ? "" : message;
}

/**
 * Returns the change in a message; `undefined` unless it follows on from a change that `view` contains. Not validated again: the stamp
 * proves that a writer of this form has sent it.
 */
export function announcedChange(message: string, { stamps, stored, lineage }: LogView): StateChange | undefined {
  if (!message.startsWith(PREFIX)) return undefined;
  try {
    const { after, ...change }: StateChange & { readonly after: string } = JSON.parse(message.slice(PREFIX.length));
    const isNext = change.lineage === stored && stamps.get(change.version - 1) === after && RANDOM_STAMP.test(after);
    return isNext ? { ...change, lineage } : undefined;
  } catch {
    return undefined;
  }
}
