import { MaintenanceError } from "../../errors.ts";
import { pauseAfter } from "../driver/pause-after.ts";
import type {
  Barrier,
  BarrierResult,
  BarrierText,
  HeldRow,
  MemberList,
  MemberListing,
  Membership,
  MemberText,
  NoMember,
  StoredMember,
} from "../members.ts";
import type { MemberEntry, MemberStorage } from "./storage.ts";

/** Holds the id of the list. Written once: its age is that of the list. */
const LIST = "list";
/** Holds the epoch and all barriers. */
const BARRIERS = "barriers";
const ROW = "row-";
/** Each failed attempt to write the barriers means that another coordinator has written them. */
const MAX_ATTEMPTS = 20;

interface Row {
  readonly list: string;
  readonly evicted: string | null;
  readonly text: string;
}

interface BarrierEntry {
  readonly seq: number;
  readonly epoch: number;
  readonly barriers: readonly Barrier[];
}

export interface MemberListOptions {
  /** Name of the store, for messages. */
  readonly name: string;
  /** Runs the work of one call, unless the store is closed or the signal has aborted. */
  readonly call: <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;
  /** For tests. @default () => crypto.randomUUID() */
  readonly mintList?: (() => string) | undefined;
  /** For tests. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Returns a list over any place that can write a key on the condition that it has not changed. */
export function memberList(storage: MemberStorage, options: MemberListOptions): MemberList {
  const { name, call, mintList = () => crypto.randomUUID(), random = Math.random } = options;

  function unreadable(key: string): MaintenanceError {
    return new MaintenanceError(
      "ERR_STATE_UNREADABLE",
      `${name}: the entry '${key}' of the list of processes cannot be read.`,
      {
        hint: "Remove the entry: the processes join again.",
      },
    );
  }

  /** Returns the object that an entry holds; `null` if it is none. */
  function objectIn({ text }: MemberEntry): Readonly<Record<string, unknown>> | null {
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Returns `null` for a row that was damaged: it is listed as it is, because a process may be behind it. */
  function parseRow(entry: MemberEntry): Row | null {
    const { list, evicted, text } = objectIn(entry) ?? {};
    if (typeof list !== "string" || typeof text !== "string") return null;
    return evicted === null || typeof evicted === "string" ? { list, evicted, text } : null;
  }

  const find = (entries: readonly MemberEntry[], key: string): MemberEntry | undefined =>
    entries.find((entry) => entry.key === key);

  function listIdIn(entries: readonly MemberEntry[]): string {
    const entry = find(entries, LIST);
    if (entry === undefined) return "";
    const id = objectIn(entry)?.list;
    if (typeof id !== "string") throw unreadable(LIST);
    return id;
  }

  /** Barriers of another list are those of one that was wiped in part. */
  function barriersIn(entries: readonly MemberEntry[], list: string): BarrierEntry {
    const entry = find(entries, BARRIERS);
    if (entry === undefined) return { seq: 0, epoch: 0, barriers: [] };
    const { list: of, epoch, barriers } = objectIn(entry) ?? {};
    if (typeof epoch !== "number" || !Array.isArray(barriers) || !barriers.every(isBarrier)) throw unreadable(BARRIERS);
    return of === list ? { seq: entry.seq, epoch, barriers } : { seq: entry.seq, epoch: 0, barriers: [] };
  }

  async function createList(signal: AbortSignal | undefined): Promise<string> {
    const { entries } = await storage.read([LIST], signal);
    const found = listIdIn(entries);
    if (found !== "") return found;
    await storage.put(LIST, JSON.stringify({ list: mintList() }), 0, { isRenewal: false, signal });
    const created = listIdIn((await storage.read([LIST], signal)).entries);
    if (created !== "") return created;
    throw new MaintenanceError("ERR_CONFLICT", `${name}: the list of processes was wiped while it was created.`);
  }

  /** Returns what a member learns after its row was written: nothing older than that write. */
  async function membership(held: HeldRow, signal: AbortSignal | undefined): Promise<Membership | NoMember> {
    const { entries, now } = await storage.read([LIST, BARRIERS], signal);
    const list = listIdIn(entries);
    if (list !== held.list) return { ok: false, reason: "unknown" };
    const { epoch, barriers } = barriersIn(entries, list);
    return { ok: true, ...held, epoch, barriers, now };
  }

  async function changeBarriers(
    signal: AbortSignal | undefined,
    change: (found: BarrierEntry) => BarrierResult & { readonly barriers?: readonly Barrier[] },
  ): Promise<BarrierResult> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const list = await createList(signal);
      const found = barriersIn((await storage.read([BARRIERS], signal)).entries, list);
      const { barriers, ...result } = change(found);
      if (!result.ok || barriers === undefined) return result;
      const text = JSON.stringify({ list, epoch: result.epoch, barriers });
      if (await storage.put(BARRIERS, text, found.seq, { isRenewal: false, signal })) return result;
      await pauseAfter(attempt, random);
    }
    throw new MaintenanceError("ERR_CONFLICT", `${name}: other processes keep changing the barriers.`);
  }

  async function join({ id, text }: MemberText, signal: AbortSignal | undefined): Promise<Membership> {
    const list = await createList(signal);
    const row: Row = { list, evicted: null, text };
    if (!(await storage.put(ROW + id, JSON.stringify(row), 0, { isRenewal: false, signal }))) {
      throw new MaintenanceError("ERR_CONFLICT", `${name}: a process with the id '${id}' is in the list already.`);
    }
    const joined = await membership({ list, seq: 1 }, signal);
    if (joined.ok) return joined;
    throw new MaintenanceError("ERR_CONFLICT", `${name}: the list of processes was wiped while '${id}' joined it.`);
  }

  async function renew(
    { id, text }: MemberText,
    held: HeldRow,
    signal: AbortSignal | undefined,
  ): Promise<Membership | NoMember> {
    const key = ROW + id;
    const next = JSON.stringify({ list: held.list, evicted: null, text } satisfies Row);
    const seq = held.seq + 1;
    if (!(await storage.put(key, next, held.seq, { isRenewal: true, signal }))) {
      const [entry] = (await storage.read([key], signal)).entries;
      if (entry === undefined) return { ok: false, reason: "unknown" };
      if (parseRow(entry)?.evicted) return { ok: false, reason: "evicted" };
      // The write of an earlier call whose answer was lost.
      if (entry.seq !== seq || entry.text !== next) return { ok: false, reason: "unknown" };
    }
    const answer = await membership({ list: held.list, seq }, signal);
    // An answer without barriers unbinds the member, and it was read after the write: its row may have been evicted between the two, by a
    // barrier that was proven and removed since.
    if (!answer.ok || answer.barriers.length > 0) return answer;
    const [entry] = (await storage.read([key], signal)).entries;
    if (entry?.seq === seq) return answer;
    return { ok: false, reason: entry === undefined ? "unknown" : "evicted" };
  }

  async function listing(signal: AbortSignal | undefined): Promise<MemberListing> {
    const { entries, now } = await storage.read("all", signal);
    const list = listIdIn(entries);
    const { epoch, barriers } = barriersIn(entries, list);
    const since = (written: number | null | undefined): number | null =>
      now === null || written === null || written === undefined ? null : Math.max(0, now - written);
    const rows = entries.flatMap((entry): readonly StoredMember[] => {
      if (!entry.key.startsWith(ROW)) return [];
      const row = parseRow(entry) ?? { list, evicted: null, text: entry.text };
      if (row.list !== list) return [];
      const { text, evicted } = row;
      return [{ id: entry.key.slice(ROW.length), seq: entry.seq, text, evicted, age: since(entry.written) }];
    });
    return { list, age: since(find(entries, LIST)?.written) ?? 0, epoch, rows, barriers };
  }

  async function evict(
    id: string,
    seq: number,
    by: string,
    signal: AbortSignal | undefined,
  ): Promise<"ok" | "conflict"> {
    const key = ROW + id;
    const { entries } = await storage.read([LIST, key], signal);
    const entry = find(entries, key);
    if (entry?.seq !== seq) return "conflict";
    const row = parseRow(entry) ?? { list: listIdIn(entries), evicted: null, text: entry.text };
    if (row.evicted !== null) return "conflict";
    const text = JSON.stringify({ ...row, evicted: by } satisfies Row);
    return (await storage.put(key, text, seq, { isRenewal: false, signal })) ? "ok" : "conflict";
  }

  function setBarrier(
    barrier: BarrierText,
    seen: number | null,
    signal: AbortSignal | undefined,
  ): Promise<BarrierResult> {
    return changeBarriers(signal, ({ epoch, barriers }) => {
      const own = barriers.find(({ id }) => id === barrier.id);
      if ((own?.seq ?? null) !== seen) return { ok: false, held: own ? [own] : [] };
      const others = barriers.filter(({ id }) => id !== barrier.id);
      const held = others.filter((other) => isInTheWay(other, barrier));
      if (held.length > 0) return { ok: false, held };
      const next = { ...barrier, seq: (seen ?? 0) + 1, epoch: own?.epoch ?? epoch + 1 };
      return { ok: true, epoch: Math.max(epoch, next.epoch), seq: next.seq, barriers: [...others, next] };
    });
  }

  function removeBarrier(id: string, seen: number, signal: AbortSignal | undefined): Promise<BarrierResult> {
    return changeBarriers(signal, ({ epoch, barriers }) => {
      const own = barriers.find((barrier) => barrier.id === id);
      if (own?.seq !== seen) return { ok: false, held: own ? [own] : [] };
      const others = barriers.filter((barrier) => barrier !== own);
      return { ok: true, epoch: epoch + 1, seq: seen, barriers: others };
    });
  }

  const { replicated } = storage;
  return {
    ...(replicated && { replicated: ({ signal } = {}) => call(signal, () => replicated(signal)) }),
    join: (member, { signal } = {}) => call(signal, () => join(member, signal)),
    renew: (member, held, { signal } = {}) => call(signal, () => renew(member, held, signal)),
    leave: (id, seq, { signal } = {}) => call(signal, async () => void (await storage.remove(ROW + id, seq, signal))),
    list: ({ signal } = {}) => call(signal, () => listing(signal)),
    evict: (id, seq, by, { signal } = {}) => call(signal, () => evict(id, seq, by, signal)),
    setBarrier: (barrier, seen, { signal } = {}) => call(signal, () => setBarrier(barrier, seen, signal)),
    removeBarrier: (id, seen, { signal } = {}) => call(signal, () => removeBarrier(id, seen, signal)),
  };
}

function isInTheWay(one: BarrierText, other: BarrierText): boolean {
  return one.targets.some((target) => target === "*" || other.targets.includes(target)) || other.targets.includes("*");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isBarrier(value: unknown): value is Barrier {
  if (!isObject(value) || !Array.isArray(value.targets)) return false;
  const { id, text, seq, epoch, targets } = value;
  const isText = [id, text, ...targets].every((one) => typeof one === "string");
  return isText && typeof seq === "number" && typeof epoch === "number";
}
