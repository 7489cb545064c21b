import { type MemberRow, NOTHING_UNDER_WAY, RENEWAL_MS, serializeRow } from "../../src/fleet/row.ts";
import type { HeldRow, MemberList } from "../../src/stores/members.ts";
import type { Store } from "../../src/stores/store.ts";

/** Returns the row of a process that is up to date with nothing in particular. */
function memberRow(row: Partial<MemberRow> = {}): MemberRow {
  return {
    prior: null,
    process: { pid: 411, started: "1", space: "another machine", host: `${row.label ?? "web-1"}.example` },
    label: "web-1",
    library: "1.2.3",
    runtime: "node 24.21.0",
    level: "presence",
    state: "in",
    clocks: ["monotonic", "wall"],
    position: null,
    override: null,
    groups: [],
    bound: 0,
    renews: RENEWAL_MS,
    attests: [],
    underWay: NOTHING_UNDER_WAY,
    wallOffset: 0,
    loopDelay: 0,
    ...row,
  };
}

/** A process in the list of a store, without a gate. */
export interface ListedProcess {
  readonly id: string;
  /** Writes its row again. */
  renew(row?: Partial<MemberRow>): Promise<void>;
}

export async function listProcess(
  members: MemberList,
  id: string,
  row: Partial<MemberRow> = {},
): Promise<ListedProcess> {
  let current = memberRow(row);
  let held: HeldRow = await members.join({ id, text: serializeRow(current) });
  let last: Promise<void> = Promise.resolve();
  async function renewNow(next: Partial<MemberRow>): Promise<void> {
    current = { ...current, ...next };
    const result = await members.renew({ id, text: serializeRow(current) }, held);
    if (!result.ok) throw new Error(`${id}: ${result.reason}`);
    held = result;
  }
  return {
    id,
    renew(next = {}) {
      last = last.then(() => renewNow(next));
      return last;
    },
  };
}

/** Lists a process that applies every change of the store, before the commit returns. */
export async function listFollower(
  store: Store,
  id: string,
  row: Partial<MemberRow> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ListedProcess> {
  if (store.members === undefined) throw new Error(`${store.name} has no list`);
  const position = async () => {
    const { lineage, version } = await store.load();
    return { lineage, version };
  };
  const listed = await listProcess(store.members, id, { position: await position(), ...row });
  void store.watch?.(() => position().then((now) => listed.renew({ position: now })), { signal });
  return listed;
}
