import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { RIGHTS } from "../../src/state/access-token.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { barrierText, membersOf } from "../support/barriers.ts";
import { listFollower, listProcess } from "../support/member-rows.ts";
import { fakeContext } from "../unit/cli/fake-context.ts";
import { type AdminServer, adminServer } from "./admin-server.ts";

let server: AdminServer;
let store: Store;
let token: string;

beforeEach(async () => {
  store = memoryStore();
  server = await adminServer({
    options: { store, sites: { shop: { hosts: ["shop.example"] } }, groups: ["payments"], fleet: false },
  });
  token = (await server.controller.tokens.create({ name: "ops", may: RIGHTS })).token;
  await server.gate.refresh();
});
afterEach(() => server.close());

async function cli(...line: readonly string[]) {
  const env = { MAINTENANCE_URL: `${server.url}/maintenance/`, MAINTENANCE_TOKEN: token };
  const context = fakeContext({ cwd: "/", isInteractive: false, env });
  return { code: await run(context, line), ...context.written };
}

test("over the admin, on and off say the same as over the store", async () => {
  await listFollower(store, "a", { label: "web-1", groups: ["payments"] });
  await listFollower(store, "b", { label: "web-2" });
  expect((await cli("on", "shop")).stdout).toMatch(
    /\n2 processes follow: web-1 and web-2; all have applied it \(\d(\.\d)? s\)\.\n/,
  );
  expect((await cli("on", "payments")).stdout).toContain(
    "\nNot concerned: web-2, which does not name the group.\n1 process follows: web-1; it has applied it",
  );
  expect((await cli("status")).stdout).toContain("\n2 processes follow, all at version 3.\n");
  expect((await cli("status", "--fleet")).stdout).toMatch(/^web-1 +web-1\.example, pid 411 +applied /m);
  expect((await cli("doctor")).stdout).toContain("processes: 2 follow, 2 of them at version 3");
});

test("over the admin, a process is forgotten, or refused with the reason", async () => {
  const { members } = store;
  if (members === undefined) throw new Error("no list");
  const listed = await listProcess(members, "3f2a91c0-1111", { label: "web-3" });
  const refused = await cli("fleet", "forget", "3f2a91c0");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("'web-3' is alive: it was heard 0 s ago. [ERR_CONFLICT]");
  expect((await cli("fleet", "forget", "3f2a91c0", "--anyway")).code).toBe(0);
  await expect(listed.renew()).rejects.toThrow("unknown");
  expect((await cli("fleet")).stdout).toContain("No process follows this state.");
});

test("over the admin, status says who holds a site, and off is refused without --anyway", async () => {
  await cli("on", "shop");
  const text = barrierText({ isHold: true, phase: "closing", targets: [{ site: "shop" }] });
  await membersOf(store).setBarrier(text, null);
  expect((await cli("status")).stdout).toMatch(
    /^shop: held by 'on' on db-1 \(pid 1\), silent for \d+ min; the command may still run\. If it no longer runs: maintenance-mode off shop --anyway/m,
  );
  const refused = await cli("off", "shop");
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/Held by 'on' on db-1 .*: shop\. \[ERR_HELD\]/),
  });
  expect((await cli("off", "shop", "--anyway")).code).toBe(0);
  expect((await membersOf(store).list()).barriers).toEqual([]);
});

test("a token for one site learns how many follow, and no host", async () => {
  await listFollower(store, "3f2a91c0-1111", { label: "web-1.internal" });
  token = (await server.controller.tokens.create({ name: "tenant", may: ["view", "switch"], sites: ["shop"] })).token;
  await server.gate.refresh();
  const { stdout, code } = await cli("on", "shop");
  expect(code).toBe(0);
  expect(stdout).toContain("\n1 process follows: 3f2a91c0; it has applied it");
  expect(stdout + (await cli("status", "--fleet")).stdout).not.toContain("internal");
});
