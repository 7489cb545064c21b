import { serializeChange } from "../log/change.ts";
import type { StateContent } from "../store.ts";
import { writeRow } from "./reply.ts";

type Send = (command: readonly string[]) => Promise<unknown>;

/** Maximum number of characters of one command, so that no command blocks Redis for long. */
const BATCH = 256 * 1024;
/** Seconds after the last batch until keys that are not the state yet expire, if their writer has died. */
const EXPIRE = 600;
/** Changes per batch: each command must finish within the store's timeout. */
const CHANGES = 50;

/**
 * Writes records and changes to separate keys, which are not read yet. Returns the number of each: REPLACE refuses to activate fewer.
 */
export async function writeAside(
  content: StateContent,
  [sites, changes]: readonly [sites: string, changes: string],
  stampOf: (version: number) => string,
  send: Send,
): Promise<readonly [records: number, changes: number]> {
  // Renews both keys with each batch: one may be complete while the other is still being written.
  const renew = async (): Promise<void> => {
    for (const key of [sites, changes]) await send(["EXPIRE", key, String(EXPIRE)]);
  };
  let row: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (row.length > 0) await send(["HSET", sites, ...row]);
    await renew();
    [row, size] = [[], 0];
  };
  for (const { id, version, text } of content.records) {
    row.push(id, writeRow(version, text));
    size += text.length;
    if (size > BATCH || row.length > 1_000) await flush();
  }
  await flush();
  for (const [index, change] of content.history.toReversed().entries()) {
    const { version } = change;
    const fields = ["stamp", stampOf(version), "change", serializeChange(change)];
    await send(["XADD", changes, `${version}-0`, ...fields]);
    if (index % CHANGES === 0) await renew();
  }
  return [content.records.length, content.history.length];
}
