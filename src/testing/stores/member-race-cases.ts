import assert from "node:assert/strict";
import type { BarrierResult, Membership } from "../../stores/members.ts";
import { barrier, overMembers, renewed, row } from "./member-session.ts";
import { change, loadAt, type StoreCases } from "./session.ts";

/** Each race is run this many times, because one run may miss the moment. */
const ROUNDS = 10;
const RENEWALS = 50;
const COMMITS = 50;

/** Only if the store keeps a list of processes. */
export const memberRaceCases: StoreCases = overMembers({
  "a join that has returned is listed, whatever happens at the same time": async ({ one, other }) => {
    const ids = Array.from({ length: 2 * ROUNDS }, (_, index) => `member-${index}`);
    const lists = await Promise.all(
      ids.map(async (id, index) => {
        const [writer, reader] = index % 2 === 0 ? [one, other] : [other, one];
        const joined = await writer.join(row(id));
        const { list, rows } = await reader.list();
        assert.ok(
          rows.some((found) => found.id === id),
          `${id} has joined and is not listed`,
        );
        return [joined.list, list];
      }),
    );
    assert.equal(new Set(lists.flat()).size, 1, "the first members have joined different lists");
    assert.equal((await one.list()).rows.length, ids.length);
  },

  "of a renewal and an eviction at one number one wins, and the other is refused": async ({ one, other }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `member-${round}`;
      const held = await one.join(row(id));
      const calls = [() => one.renew(row(id, { round }), held), () => other.evict(id, 1, "x")] as const;
      const [renewal, eviction] =
        round % 2 === 0
          ? await Promise.all([calls[0](), calls[1]()])
          : await Promise.all([calls[1](), calls[0]()]).then(([second, first]) => [first, second] as const);
      const expected = eviction === "ok" ? { ok: false, reason: "evicted" } : { ok: true, seq: 2 };
      const { ok, ...rest } = renewal;
      assert.deepEqual(renewal.ok ? { ok, seq: renewal.seq } : { ok, ...rest }, expected);
      const found = (await one.list()).rows.find((listed) => listed.id === id);
      assert.deepEqual([found?.seq, found?.evicted], [2, eviction === "ok" ? "x" : null]);
    }
  },

  "of two renewals at one number one counts": async ({ one, other }) => {
    let held: Membership = await one.join(row("a"));
    for (let round = 0; round < ROUNDS; round += 1) {
      const texts = ["one", "other"] as const;
      const answers = await Promise.all([
        one.renew({ id: "a", text: texts[0] }, held),
        other.renew({ id: "a", text: texts[1] }, held),
      ]);
      assert.equal(answers.filter(({ ok }) => ok).length, 1);
      const { rows } = await one.list();
      const won = answers.findIndex(({ ok }) => ok);
      assert.deepEqual([rows[0]?.seq, rows[0]?.text], [held.seq + 1, texts[won]]);
      held = { ...held, seq: held.seq + 1 };
    }
  },

  "of two barriers with one target, or of a site and of every site, one is set": async ({ one, other }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const targets = round % 2 === 0 ? ["shop"] : ["*"];
      const results = await Promise.all([
        one.setBarrier(barrier(`one-${round}`, "shop"), null),
        other.setBarrier(barrier(`other-${round}`, ...targets), null),
      ]);
      const { barriers } = await one.list();
      assert.equal(barriers.length, 1);
      assert.deepEqual(
        results.map((result) => (result.ok ? "set" : result.held.map(({ id }) => id))),
        results.map(({ ok }) => (ok ? "set" : [barriers[0]?.id])),
      );
      assert.equal(results.filter(({ ok }) => ok).length, 1);
      await one.removeBarrier(barriers[0]?.id ?? "", 1);
    }
  },

  "barriers of different sites are set at once, each with an epoch of its own": async ({ one, other }) => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? one : other).setBarrier(barrier(`barrier-${index}`, `site-${index}`), null),
      ),
    );
    assert.deepEqual(results.map(epochOf).sort(), [1, 2, 3, 4, 5, 6]);
    const { epoch, barriers } = await other.list();
    assert.equal(epoch, 6);
    assert.deepEqual(
      barriers.map(({ id, epoch: since }) => [id, since]).sort(),
      results.map((result, index) => [`barrier-${index}`, epochOf(result)]),
    );
  },

  "of two changes of a barrier at one number one wins": async ({ one, other }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `barrier-${round}`;
      await one.setBarrier(barrier(id, "shop"), null);
      const isRemoval = round % 2 === 0;
      const results = await Promise.all([
        other.setBarrier({ ...barrier(id, "shop"), text: "other" }, 1),
        isRemoval ? one.removeBarrier(id, 1) : one.setBarrier({ ...barrier(id, "shop"), text: "one" }, 1),
      ]);
      const won = results.findIndex(({ ok }) => ok);
      assert.equal(results.filter(({ ok }) => ok).length, 1);
      const { barriers } = await one.list();
      const found = barriers.map(({ text, seq }) => [text, seq]);
      assert.deepEqual(found, won === 0 ? [["other", 2]] : isRemoval ? [] : [["one", 2]]);
      const lost = results[1 - won];
      assert.deepEqual(lost?.ok === false && lost.held, barriers);
      for (const { seq } of barriers) await one.removeBarrier(id, seq);
    }
  },

  "the epoch never falls, and counts what is added and removed": async ({ one, other }) => {
    let isOver = false;
    const watched = (async () => {
      let highest = 0;
      while (!isOver) {
        const { epoch, barriers } = await other.list();
        assert.ok(epoch >= highest, `the epoch fell from ${highest} to ${epoch}`);
        assert.ok(barriers.every((found) => found.epoch <= epoch));
        highest = epoch;
        // An answer from memory would leave no turn to the timers of the writers.
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await Promise.all(
      ["shop", "blog"].map(async (site) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const id = `${site}-${round}`;
          assert.ok((await one.setBarrier(barrier(id, site), null)).ok);
          assert.ok((await one.removeBarrier(id, 1)).ok);
        }
      }),
    ).finally(() => {
      isOver = true;
    });
    await watched;
    assert.equal((await other.list()).epoch, 4 * ROUNDS);
  },

  "two hundred renewals and fifty commits do not disturb each other": async ({ session: { store }, one, other }) => {
    const renewals = [0, 1, 2, 3].map(async (index) => {
      const members = index % 2 === 0 ? one : other;
      let held = await members.join(row(`member-${index}`));
      for (let count = 0; count < RENEWALS; count += 1) {
        held = await renewed(members.renew(row(`member-${index}`, { count }), held));
      }
      return held.seq;
    });
    const commits = (async () => {
      let position = { lineage: "", version: 0 };
      for (let count = 0; count < COMMITS; count += 1) position = await change(store, { shop: { count } });
      return position;
    })();
    const [position, ...numbers] = await Promise.all([commits, ...renewals]);
    assert.deepEqual(numbers, Array(4).fill(RENEWALS + 1));
    assert.equal((await loadAt(store, position)).version, COMMITS);
    assert.equal((await other.list()).rows.length, 4);
  },
});

function epochOf(result: BarrierResult): number {
  return result.ok ? result.epoch : 0;
}
