import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MemberList } from "../../../src/stores/members.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { barrierText, membersOf } from "../../support/barriers.ts";
import { type AdminUnderTest, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;
let members: MemberList;
const TENANT = { "x-user": "tenant" };

beforeEach(async () => {
  const store = memoryStore();
  members = membersOf(store);
  under = adminUnderTest({ ...SITES, store });
  under.access.add("tenant", ["view", "switch"], ["shop"]);
  await under.controller.close(["shop", "blog"]);
  await hold(["shop", "blog"]);
});
afterEach(() => under.close());

const hold = (sites: readonly string[], id = "barrier") =>
  members.setBarrier(
    barrierText({ id, isHold: true, phase: "closing", targets: sites.map((site) => ({ site })) }),
    null,
  );

describe("a site that a command holds", () => {
  test.each(["POST open", "POST commands"])("is not opened by %s: the problem says who holds it", async (line) => {
    const open = { sites: ["shop"] };
    const { status, json } = await under.ask(
      line,
      line === "POST open" ? open : { command: { type: "open", ...open } },
    );
    expect(status).toBe(409);
    expect(json).toMatchObject({
      type: "urn:maintenance-mode:ERR_HELD",
      code: "ERR_HELD",
      detail: expect.stringContaining("Held by 'on' on db-1 (pid 1), silent for"),
      held: [{ sites: ["shop", "blog"], isHold: true, label: "on", since: "2026-01-01T00:00:00Z" }],
    });
    expect((await under.controller.state()).records.get("shop")?.mode).toBe("closed");
  });

  test("is opened with `anyway`", async () => {
    expect((await under.ask("POST open", { sites: ["shop"], anyway: true })).status).toBe(200);
    expect((await under.controller.state()).records.get("shop")?.mode).toBe("open");
  });

  test("is narrowed only with `anyway`", async () => {
    const body = { sites: ["shop"], mode: "read-only" };
    expect((await under.ask("POST close", body)).json).toMatchObject({ code: "ERR_HELD" });
    expect((await under.ask("POST close", { ...body, anyway: true })).status).toBe(200);
  });

  test("hides names and other sites from a caller with rights on one site", async () => {
    const { status, json, text } = await under.ask("POST open", { sites: ["shop"] }, TENANT);
    expect(status).toBe(409);
    expect(json.detail).toMatch(/^Held by a running command, silent for \d+ min; the command may still run: shop\.$/);
    expect(text).not.toMatch(/db-1|blog/);
  });
});

test("GET holds lists who holds what, to each caller what it may see", async () => {
  const { json } = await under.ask("GET holds");
  expect(json.holds).toMatchObject([{ sites: ["shop", "blog"], label: "on", host: "db-1", pid: 1 }]);
  const { text, json: seen } = await under.ask("GET holds", undefined, TENANT);
  expect(seen.holds).toMatchObject([{ sites: ["shop"], label: "", host: "", pid: 0 }]);
  expect(text).not.toMatch(/db-1|blog/);
});
