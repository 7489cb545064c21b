import { isClosedAt } from "../../schedule/timetable.ts";
import { openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { narrowed } from "../apply/narrowed.ts";
import { isSame } from "../apply/restore-switch.ts";
import type { CommandResult } from "../controller.ts";

export interface Change {
  readonly kind: "opened" | "weakened";
  readonly site: string;
  readonly what: string;
}

export interface ClosureAsLeft {
  /** The records of the targets as the closing change has left them, by id. */
  readonly targets: ReadonlyMap<string, SiteRecord>;
  /** The records that apply to every site, as they were then. */
  readonly forAll: ReadonlyMap<string, SiteRecord>;
  /** A hold does not end by the clock. */
  readonly isHold: boolean;
}

/** Returns the records after the closing change. `forAll` are the ids of the others that apply to every site. */
export function closureAsLeft(change: CommandResult, forAll: readonly string[], isHold: boolean): ClosureAsLeft {
  const targets = change.outcomes.flatMap(({ site, after }): readonly (readonly [string, SiteRecord])[] =>
    after === null ? [] : [[site, after]],
  );
  const others = forAll.map((id) => [id, change.forAll.find((it) => it.id === id) ?? openRecord(id)] as const);
  return { targets: new Map(targets), forAll: new Map(others), isHold };
}

/** Returns what was changed since so that a target is open, or lets more requests in; `null` if nothing was. */
export function weakeningOf(left: ClosureAsLeft, state: State, now: number): Change | null {
  for (const [site, record] of left.targets) {
    if (state.unreadable.has(site)) return { kind: "weakened", site, what: "its record cannot be read" };
    const current = state.records.get(site) ?? openRecord(site);
    const isClosed = left.isHold ? current.mode !== "open" : isClosedAt(current, now);
    if (!isClosed) return { kind: "opened", site, what: "it is open" };
    if (current.version === record.version) continue;
    const what = narrowed(record, current) ?? admitted(record, current);
    if (what !== null) return { kind: "weakened", site, what };
  }
  for (const [site, record] of left.forAll) {
    const what = admitted(record, state.records.get(site) ?? openRecord(site));
    if (what !== null) return { kind: "weakened", site, what };
  }
  return null;
}

function admitted(left: SiteRecord, current: SiteRecord): string | null {
  const added = <Item>(before: readonly Item[], after: readonly Item[], same: (item: Item) => unknown): Item[] =>
    after.filter((item) => !before.some((other) => isSame(same(other), same(item))));
  const [path] = added(left.exemptions.paths, current.exemptions.paths, ({ pattern, limited }) => [pattern, limited]);
  if (path !== undefined) return `path ${path.pattern} is exempt now`;
  const [address] = added(left.exemptions.addresses, current.exemptions.addresses, ({ range, limited }) => [
    range,
    limited,
  ]);
  if (address !== undefined) return `address ${address.range} is exempt now`;
  const [link] = added(left.links, current.links, ({ id }) => id);
  return link === undefined ? null : `the link "${link.label}" opens it now`;
}
