import { serializeChange } from "./log-change.ts";
import { writeRow } from "./redis-reply.ts";
import type { StateContent } from "./store.ts";

type Send = (command: readonly string[]) => Promise<unknown>;

/** Characters of one command, so that none of them keeps Redis from everybody else for long. */
const BATCH = 256 * 1024;
/** Of keys that are not the state yet: when whoever writes them dies, they go by themselves. Seconds. */
const EXPIRE = 600;

/** Writes records and changes to keys of their own, where nobody reads them. */
export async function writeAside(
  content: StateContent,
  [sites, changes]: readonly [sites: string, changes: string],
  stampOf: (version: number) => string,
  send: Send,
): Promise<void> {
  let row: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (row.length > 0) await send(["HSET", sites, ...row]);
    await send(["EXPIRE", sites, String(EXPIRE)]);
    [row, size] = [[], 0];
  };
  for (const { id, version, text } of content.records) {
    row.push(id, writeRow(version, text));
    size += text.length;
    if (size > BATCH || row.length > 1_000) await flush();
  }
  await flush();
  for (const change of content.history.toReversed()) {
    const { version } = change;
    const fields = ["stamp", stampOf(version), "change", serializeChange(change)];
    await send(["XADD", changes, `${version}-0`, ...fields]);
    if (version === content.history.at(-1)?.version) await send(["EXPIRE", changes, String(EXPIRE)]);
  }
}
