import { expect, test } from "vitest";
import { createController } from "../../../src/control/controller.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { BY } from "../../support/gate-under-test.ts";

/** A store whose first `times` commits conflict with another change. */
function contested(times: number): { readonly store: Store; commits(): number } {
  const store = memoryStore();
  let commits = 0;
  const { commit } = store;
  store.commit = async (draft, options) => {
    commits += 1;
    if (commits > times) return commit(draft, options);
    return { ok: false, reason: "conflict", current: { lineage: "", version: commits } };
  };
  return { store, commits: () => commits };
}

test("a commit is tried again at once after a conflict, and then after growing pauses", async () => {
  const { store, commits } = contested(5);
  const clock = createFakeClock();
  const executed = createController({ store, clock, random: () => 1 }).execute({ type: "close" }, BY);
  const tries: number[] = [];
  for (const pause of [0, 9, 1, 19, 1, 39, 1, 79, 1]) {
    await clock.advance(pause);
    tries.push(commits());
  }
  expect(tries).toEqual([2, 2, 3, 3, 4, 4, 5, 5, 6]);
  expect((await executed).position.version).toBe(1);
});

test("a commit fails after a hundred attempts", async () => {
  const { store, commits } = contested(1_000);
  const clock = createFakeClock();
  const executed = createController({ store, clock, random: () => 1 }).execute({ type: "close" }, BY);
  const refused = expect(executed).rejects.toMatchObject({ code: "ERR_CONFLICT" });
  await clock.advance(60_000);
  await refused;
  expect(commits()).toBe(100);
});
