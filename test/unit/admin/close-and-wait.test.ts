import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { barrierText, membersOf } from "../../support/barriers.ts";
import { listFollower, listProcess } from "../../support/member-rows.ts";
import { simulatedMember } from "../../support/simulated-member.ts";
import { type AdminUnderTest, type Answer, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;
let store: Store;

// Otherwise loaded in real time by the first request, while the clock of the test runs.
beforeAll(async () => {
  await loadLinearRegExp();
  await import("../../../src/control/barrier/close-and-wait.ts");
});
beforeEach(() => {
  store = memoryStore();
  under = adminUnderTest({ ...SITES, groups: ["db"], store });
});
afterEach(() => under.close());

/** Advances the clock until the answer has ended. */
async function ended(asked: Promise<Answer>): Promise<Answer> {
  let answer: Answer | null = null;
  void asked.then((it) => {
    answer = it;
  });
  for (let passed = 0; answer === null; passed += 250) {
    if (passed > 400_000) throw new Error("The answer did not end.");
    await under.clock.advance(250);
  }
  return answer;
}
const send = (body: object, headers?: Readonly<Record<string, string>>) =>
  ended(under.ask("POST close-and-wait", { sites: ["shop"], ...body }, headers));
const begin = (user = "root", signal?: AbortSignal) =>
  under.admin.fetch(
    new Request("http://admin.example/maintenance/api/v1/close-and-wait", {
      method: "POST",
      headers: { "x-user": user, "content-type": "application/json" },
      body: JSON.stringify({ sites: ["shop"], wait: {} }),
      ...(signal && { signal }),
    }),
  );
const linesOf = ({ text }: Answer) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const modeOf = async () => (await under.controller.state()).records.get("shop")?.mode ?? "open";

describe("POST close-and-wait", () => {
  test("streams what it waits for, and ends with the proof and the change", async () => {
    void simulatedMember({ clock: under.clock, store, name: "web-1", pid: 101 }).start();
    const answer = await send({ message: "Back at nine", wait: { expect: 1 } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = linesOf(answer);
    expect(new Set(lines.slice(0, -1).map(({ event }) => event))).toEqual(new Set(["progress"]));
    expect(lines.at(-1)).toMatchObject({
      event: "result",
      wait: { exit: 0, closed: true, processes: [{ label: "web-1", standing: "closed" }] },
      change: { outcomes: [{ site: "shop", effect: "closed" }] },
    });
    expect(await modeOf()).toBe("closed");
    expect((await membersOf(store).list()).barriers).toEqual([]);
  });

  test("sends a line every few seconds, also while the store does not answer", async () => {
    await listProcess(membersOf(store), "web-9", {});
    const asked = begin();
    await under.clock.advance(5_000);
    const reader = (await asked).body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    const reading = (async () => {
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) heard += read.value;
    })();
    await under.clock.advance(1_000);
    const { list } = membersOf(store);
    Reflect.set(membersOf(store), "list", () => new Promise(() => {}));
    heard = "";
    await under.clock.advance(9_000);
    expect(heard.trimEnd().split("\n").slice(-2)).toEqual(['{"event":"alive"}', '{"event":"alive"}']);
    Reflect.set(membersOf(store), "list", list);
    under.admin.close();
    await under.clock.advance(2_000);
    await reading;
  });

  test("a row that cannot be seen by the caller has no name", async () => {
    await listFollower(store, "3f2a91c0-1111", { label: "web-1.internal" });
    under.access.add("tenant", ["view", "switch"], ["shop"]);
    const { text } = await send({ wait: { timeout: "20s" } }, { "x-user": "tenant" });
    expect(text).toContain("3f2a91c0");
    expect(text).not.toContain("internal");
  });

  test("what is refused before anything was written has its own status", async () => {
    const unknown = await send({ sites: ["shpo"], wait: {} });
    expect(unknown.json).toMatchObject({ status: 422, code: "ERR_UNKNOWN_SITE", errors: [{ pointer: "/sites/0" }] });
    const wrong = await send({ wait: { timeout: "soon", expect: 0, patience: 1 } });
    expect(wrong.status).toBe(422);
    expect(wrong.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(["/wait/timeout", "/wait/expect", "/wait/patience"]),
    );
    expect(wrong.text).toContain("'soon' is not a duration");
    const { timers } = under.clock;
    await membersOf(store).setBarrier(barrierText({ isHold: true, targets: [{ site: "shop" }] }), null);
    const held = await send({ wait: {} });
    expect(held.json).toMatchObject({ status: 409, code: "ERR_HELD", held: [{ sites: ["shop"] }] });
    expect(under.clock.timers).toBe(timers);
    expect(await modeOf()).toBe("open");
  });

  test("is refused over a store without a list", async () => {
    await under.close();
    const { members: _members, ...bare } = memoryStore();
    under = adminUnderTest({ ...SITES, store: bare });
    const { json } = await send({ wait: {} });
    expect(json).toMatchObject({ status: 422, code: "ERR_NO_BARRIER", errors: [{ pointer: "/wait" }] });
  });

  test("ends when the client disconnects, when it loses its rights, and when the admin is closed", async () => {
    await listProcess(membersOf(store), "web-9", {});
    const left = new AbortController();
    const ways: readonly (() => unknown)[] = [
      () => left.abort(),
      async () => {
        under.access.remove("ops");
        await under.clock.advance(20_000);
      },
      () => under.admin.close(),
    ];
    for (const [place, end] of ways.entries()) {
      under.access.add("ops", ["view", "switch"]);
      const asked = begin("ops", place === 0 ? left.signal : undefined);
      await under.clock.advance(10_000);
      const answer = (await asked).text();
      expect((await membersOf(store).list()).barriers).toHaveLength(1);
      await end();
      await under.clock.advance(2_000);
      expect((await membersOf(store).list()).barriers).toEqual([]);
      const last = (await answer).trimEnd().split("\n").at(-1) ?? "";
      expect(JSON.parse(last)).toMatchObject({ event: "result", wait: { exit: 6, interrupted: true, closed: true } });
    }
    expect(await modeOf()).toBe("closed");
  });
});
