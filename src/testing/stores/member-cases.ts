import assert from "node:assert/strict";
import { isMaintenanceError } from "../../errors.ts";
import type { MemberCallOptions, MemberList } from "../../stores/members.ts";
import { barrier, overMembers, renewed, row } from "./member-session.ts";
import { change, type StoreCases } from "./session.ts";

/** Milliseconds within which what a case does is done, by any clock. */
const A_MINUTE = 60_000;

/** Only if the store keeps a list of processes. */
export const memberCases: StoreCases = overMembers({
  "a list that was never written is empty": async ({ one, other }) => {
    await other.leave("a", 1);
    assert.equal(await other.evict("a", 1, "buried"), "conflict");
    assert.deepEqual(await other.renew(row("a"), { list: "", seq: 1 }), { ok: false, reason: "unknown" });
    assert.deepEqual(await one.list(), { list: "", age: 0, epoch: 0, rows: [], barriers: [] });
  },

  "another instance lists a row that has joined, with its text unchanged": async ({ one, other }) => {
    const text = JSON.stringify({ label: 'web "1" \\ \u0000\u2028 日本語 🛠', long: "é".repeat(20_000) });
    const { now: _now, ...joined } = await one.join({ id: "a", text });
    const { list, epoch, rows, barriers } = await other.list();
    assert.notEqual(list, "");
    assert.deepEqual(joined, { ok: true, list, seq: 1, epoch: 0, barriers: [] });
    assert.deepEqual(
      rows.map(({ age: _age, ...rest }) => rest),
      [{ id: "a", seq: 1, text, evicted: null }],
    );
    assert.deepEqual({ epoch, barriers }, { epoch: 0, barriers: [] });
  },

  "an id that is in the list cannot join again": async ({ one, other }) => {
    const held = await one.join(row("a", { first: true }));
    await assert.rejects(other.join(row("a")), (error) => isMaintenanceError(error, "ERR_CONFLICT"));
    await renewed(one.renew(row("a"), held));
  },

  "a renewal replaces the text and adds one to the number": async ({ one, other }) => {
    let held = await one.join(row("a"));
    await other.join(row("b"));
    for (const text of ["first", "second", "third"]) held = await renewed(one.renew({ id: "a", text }, held));
    assert.equal(held.seq, 4);
    const { rows } = await other.list();
    assert.deepEqual(rows.map(({ id, seq, text }) => [id, seq, text]).sort(), [
      ["a", 4, "third"],
      ["b", 1, "{}"],
    ]);
  },

  "a renewal is refused for a row that has left, that has moved or that never was": async ({ one, other }) => {
    const unknown = { ok: false, reason: "unknown" };
    const held = await one.join(row("a"));
    assert.deepEqual(await one.renew(row("never"), held), unknown);
    assert.deepEqual(await one.renew(row("a"), { ...held, seq: 7 }), unknown);
    await other.leave("a", 1);
    assert.deepEqual(await one.renew(row("a"), held), unknown);
    assert.deepEqual((await one.list()).rows, []);
  },

  "a renewal whose answer was lost can be sent again, and counts once": async ({ one, other }) => {
    const held = await one.join(row("a"));
    const again = () => one.renew(row("a", { renewed: true }), held);
    assert.equal((await renewed(again())).seq, 2);
    assert.equal((await renewed(again())).seq, 2);
    assert.equal((await other.list()).rows[0]?.seq, 2);
    assert.equal(await other.evict("a", 2, "buried"), "ok");
    assert.deepEqual(await again(), { ok: false, reason: "evicted" });
  },

  "a row leaves at the number it has, evicted or not, and leaving again does nothing": async ({ one, other }) => {
    const held = await one.join(row("a"));
    await renewed(one.renew(row("a", { renewed: true }), held));
    await one.leave("a", 1);
    assert.equal((await other.list()).rows.length, 1);
    await one.leave("a", 2);
    await one.leave("a", 2);
    assert.deepEqual((await other.list()).rows, []);
    await one.join(row("b"));
    await other.evict("b", 1, "buried");
    await other.leave("b", 2);
    assert.deepEqual((await one.list()).rows, []);
  },

  "an evicted row is marked and can no longer be renewed": async ({ one, other }) => {
    const held = await one.join(row("a", { kept: true }));
    assert.equal(await other.evict("a", 1, "barrier-1"), "ok");
    const { rows } = await one.list();
    assert.deepEqual(
      rows.map(({ age: _age, ...rest }) => rest),
      [{ ...row("a", { kept: true }), seq: 2, evicted: "barrier-1" }],
    );
    assert.deepEqual(await one.renew(row("a", { renewed: true }), held), { ok: false, reason: "evicted" });
    for (const seq of [1, 2]) assert.equal(await one.evict("a", seq, "another"), "conflict");
    assert.equal((await one.list()).rows[0]?.evicted, "barrier-1");
  },

  "an eviction at an old number is a conflict": async ({ one, other }) => {
    const held = await renewed(one.renew(row("a", { renewed: true }), await one.join(row("a"))));
    assert.equal(await other.evict("a", 1, "buried"), "conflict");
    assert.equal(await other.evict("never", 1, "buried"), "conflict");
    await renewed(one.renew(row("a"), held));
  },

  "a renewal answers with every barrier and the epoch as of its write": async ({ one, other }) => {
    const held = await one.join(row("a"));
    const set = await other.setBarrier(barrier("x", "shop"), null);
    assert.deepEqual(set, { ok: true, epoch: 1, seq: 1 });
    const shown = await renewed(one.renew(row("a", { renewed: true }), held));
    const expected = [{ ...barrier("x", "shop"), seq: 1, epoch: 1 }];
    assert.deepEqual({ epoch: shown.epoch, barriers: shown.barriers }, { epoch: 1, barriers: expected });
    assert.deepEqual((await one.list()).barriers, expected);
    await other.removeBarrier("x", 1);
    const gone = await renewed(one.renew(row("a"), shown));
    assert.deepEqual({ epoch: gone.epoch, barriers: gone.barriers }, { epoch: 2, barriers: [] });
    assert.deepEqual((await other.join(row("b"))).epoch, 2);
  },

  "one barrier per target, and none beside one of every site": async ({ one, other }) => {
    assert.ok((await one.setBarrier(barrier("x", "shop", "blog"), null)).ok);
    const x = { ...barrier("x", "shop", "blog"), seq: 1, epoch: 1 };
    for (const targets of [["blog"], ["docs", "shop"], ["*"], ["docs", "*"]]) {
      assert.deepEqual(await other.setBarrier(barrier("y", ...targets), null), { ok: false, held: [x] });
    }
    assert.deepEqual(await other.setBarrier(barrier("y", "docs"), null), { ok: true, epoch: 2, seq: 1 });
    const two = await one.setBarrier(barrier("z", "*"), null);
    assert.deepEqual(two.ok ? [] : two.held.map(({ id }) => id).sort(), ["x", "y"]);
    await one.removeBarrier("x", 1);
    await one.removeBarrier("y", 1);
    assert.ok((await other.setBarrier(barrier("z", "*"), null)).ok);
    assert.equal((await one.setBarrier(barrier("x", "shop"), null)).ok, false);
  },

  "a barrier is replaced at the number seen, and keeps its epoch": async ({ one, other }) => {
    await one.setBarrier(barrier("x", "shop"), null);
    const next = { ...barrier("x", "shop"), text: JSON.stringify({ phase: "closing" }) };
    assert.deepEqual(await other.setBarrier(next, 1), { ok: true, epoch: 1, seq: 2 });
    const held = [{ ...next, seq: 2, epoch: 1 }];
    for (const seen of [null, 1, 3]) {
      assert.deepEqual(await one.setBarrier(barrier("x", "shop"), seen), { ok: false, held });
    }
    assert.deepEqual(await one.removeBarrier("x", 1), { ok: false, held });
    assert.deepEqual((await one.list()).barriers, held);
    assert.deepEqual(await one.removeBarrier("x", 2), { ok: true, epoch: 2, seq: 2 });
    assert.deepEqual(await other.removeBarrier("x", 2), { ok: false, held: [] });
    assert.deepEqual(await other.setBarrier(next, 2), { ok: false, held: [] });
  },

  "ages and the time are those of one clock, the store's": async ({ one, other }) => {
    const first = await one.join(row("a"));
    const second = await other.join(row("b"));
    const last = await renewed(one.renew(row("a", { renewed: true }), first));
    const { age, rows } = await other.list();
    const ages = Object.fromEntries(rows.map(({ id, age: of }) => [id, of]));
    if (first.now === null)
      return assert.deepEqual({ ages, last: last.now }, { ages: { a: null, b: null }, last: null });
    const [a, b] = [ages.a ?? Number.NaN, ages.b ?? Number.NaN];
    assert.ok(0 <= a && a <= b && b <= age && age < A_MINUTE, `ages of ${a}, ${b} and ${age} ms`);
    const times = [first.now, second.now ?? Number.NaN, last.now ?? Number.NaN];
    assert.deepEqual([...times].sort(), times);
    assert.ok((times[2] ?? 0) - (times[0] ?? 0) < A_MINUTE);
  },

  "what the list does is no part of the state": async ({ session: { store }, one, other }) => {
    const position = await change(store, { shop: { mode: "closed" } });
    await store.load();
    const held = await renewed(one.renew(row("a", { renewed: true }), await one.join(row("a"))));
    await other.join(row("b"));
    await other.evict("b", 1, "x");
    await other.setBarrier(barrier("x", "shop"), null);
    await renewed(one.renew(row("a"), held));
    assert.deepEqual(await store.changesSince(position), []);
    const { lineage, version } = await store.load();
    assert.deepEqual({ lineage, version }, position);
    assert.equal((await store.history({ limit: 10 })).length, 1);
  },

  "an import leaves rows and barriers as they are": async ({ session: { store }, one, other }) => {
    const held = await one.join(row("a"));
    await one.setBarrier(barrier("x", "shop"), null);
    const before = await other.list();
    const content = { lineage: "another", version: 3, records: [], history: [] };
    assert.ok((await store.importState(content, { lineage: "", version: 0 })).ok);
    const after = await other.list();
    const { list, epoch, barriers } = before;
    assert.deepEqual({ list: after.list, epoch: after.epoch, barriers: after.barriers }, { list, epoch, barriers });
    assert.equal((await renewed(one.renew(row("a", { renewed: true }), held))).list, list);
  },

  "calls that have begun end when the store closes, and later ones are refused": async ({ session, one }) => {
    const held = await one.join(row("a"));
    await one.setBarrier(barrier("x", "shop"), null);
    const isClosed = (error: unknown): boolean => isMaintenanceError(error, "ERR_ALREADY_CLOSED");
    const begun = callsOf(one, held.list).map((call) => call({}));
    const ends = Promise.allSettled(begun);
    await session.store.close();
    for (const end of await ends) {
      if (end.status === "rejected" && !isClosed(end.reason)) throw end.reason;
    }
    for (const call of callsOf(one, held.list)) await assert.rejects(call({}), isClosed);
  },

  "a call of the list whose signal has aborted rejects with its reason and does nothing": async ({ one, other }) => {
    const held = await one.join(row("a"));
    await one.setBarrier(barrier("x", "shop"), null);
    const { age: _before, rows: before, ...rest } = await other.list();
    const reason = new Error("no longer wanted");
    for (const call of callsOf(one, held.list)) {
      await assert.rejects(call({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    }
    const { age: _after, rows, ...restAfter } = await other.list();
    assert.deepEqual(restAfter, rest);
    assert.deepEqual(
      rows.map(({ id, seq, evicted }) => [id, seq, evicted]),
      before.map(({ id, seq, evicted }) => [id, seq, evicted]),
    );
  },
});

/** Only if the session can also wipe the list. */
export const wipedMemberCases: StoreCases = overMembers({
  "a list that was wiped gets another id, and its members are unknown": async ({ session, one, other }) => {
    const held = await one.join(row("a"));
    await one.setBarrier(barrier("x", "shop"), null);
    await session.wipeMembers?.();
    assert.deepEqual(await other.list(), { list: "", age: 0, epoch: 0, rows: [], barriers: [] });
    assert.deepEqual(await one.renew(row("a", { renewed: true }), held), { ok: false, reason: "unknown" });
    assert.deepEqual(await one.removeBarrier("x", 1), { ok: false, held: [] });
    assert.deepEqual(await one.setBarrier(barrier("x", "shop"), 1), { ok: false, held: [] });
    const again = await other.join(row("b"));
    assert.notEqual(again.list, held.list);
    assert.deepEqual({ epoch: again.epoch, barriers: again.barriers }, { epoch: 0, barriers: [] });
    assert.deepEqual(await one.renew(row("a", { renewed: true }), held), { ok: false, reason: "unknown" });
    await renewed(other.renew(row("b"), again));
  },
});

/** Only if the session can also damage a row. */
export const damagedMemberCases: StoreCases = overMembers({
  "a damaged row is listed, and can be evicted and removed": async ({ session, one, other }) => {
    await one.join(row("a"));
    const held = await one.join(row("b"));
    await session.damageMember?.("a");
    const { list, rows } = await other.list();
    assert.equal(list, held.list);
    assert.deepEqual(rows.map(({ id }) => id).sort(), ["a", "b"]);
    const damaged = rows.find(({ id }) => id === "a");
    assert.ok(damaged);
    assert.throws(() => JSON.parse(damaged.text));
    await renewed(one.renew(row("b"), held));
    assert.equal(await other.evict("a", damaged.seq, "buried"), "ok");
    const evicted = (await one.list()).rows.find(({ id }) => id === "a");
    assert.equal(evicted?.evicted, "buried");
    await one.leave("a", evicted.seq);
    assert.deepEqual(
      (await other.list()).rows.map(({ id }) => id),
      ["b"],
    );
  },
});

/** One call of each kind. The row `a` and the barrier `x` are at the number 1. */
function callsOf(members: MemberList, list: string): readonly ((options: MemberCallOptions) => Promise<unknown>)[] {
  return [
    (options) => members.list(options),
    (options) => members.join(row("late"), options),
    (options) => members.renew(row("a", { late: true }), { list, seq: 1 }, options),
    (options) => members.evict("a", 1, "late", options),
    (options) => members.leave("a", 1, options),
    (options) => members.setBarrier(barrier("y", "late"), null, options),
    (options) => members.removeBarrier("x", 1, options),
  ];
}
