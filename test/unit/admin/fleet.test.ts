import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Follower } from "../../../src/control/fleet/follower.ts";
import type { MemberRow } from "../../../src/fleet/row.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { membersOf } from "../../support/barriers.ts";
import { type ListedProcess, listFollower, listProcess } from "../../support/member-rows.ts";
import { type AdminUnderTest, type Answer, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;
let store: Store;
const WAIT = { prefer: "wait=3" };

beforeEach(() => {
  store = memoryStore();
  const { list } = membersOf(store);
  // The clock of the store is not that of the test: its list is not new.
  Object.assign(membersOf(store), { list: async () => ({ ...(await list()), age: 60_000 }) });
  under = adminUnderTest({ ...SITES, groups: ["db"], store });
});
afterEach(() => under.close());

const follow = (id: string, row?: Partial<MemberRow>): Promise<ListedProcess> =>
  listFollower(store, id, { label: id, ...row });
const stay = async (id: string, row?: Partial<MemberRow>): Promise<ListedProcess> => {
  if (store.members === undefined) throw new Error("no list");
  return await listProcess(store.members, id, { label: id, ...row });
};
const statesOf = ({ json }: Answer): readonly (readonly [string, string])[] =>
  (json.effect ?? json).processes.map(({ label, state }: Follower) => [label, state]);

describe("switching", () => {
  test("does not look for processes unless the caller prefers to wait", async () => {
    await follow("web-1");
    const closed = await under.ask("POST close", { sites: ["shop"] });
    expect(closed.json).not.toHaveProperty("effect");
    expect(closed.headers.has("preference-applied")).toBe(false);
    const opened = await under.ask("POST open", { sites: ["shop"] }, WAIT);
    expect(opened.json.effect).toMatchObject({ list: "read", version: 2, isDone: true, unnamed: [] });
    expect(statesOf(opened)).toEqual([["web-1", "applied"]]);
    expect(opened.headers.get("preference-applied")).toBe("wait=3");
  });

  test("waits for three seconds at most, whatever the caller prefers, and then says who is behind", async () => {
    await follow("web-1");
    await stay("web-2");
    const asked = under.ask("POST close", { sites: ["*"] }, { prefer: "respond-async, wait=60" });
    let answered = false;
    void asked.then(() => {
      answered = true;
    });
    await under.clock.advance(2_500);
    expect(answered).toBe(false);
    await under.clock.advance(500);
    const answer = await asked;
    expect(answer.json.effect).toMatchObject({ isDone: false, waited: 2_800 });
    expect(statesOf(answer)).toEqual([
      ["web-2", "behind"],
      ["web-1", "applied"],
    ]);
  });

  test("knows which processes name a group, and that none does", async () => {
    await follow("web-1");
    const none = await under.ask("POST close", { sites: ["db"] }, WAIT);
    expect(none.json.effect).toMatchObject({ isDone: false, unnamed: ["db"] });
    await follow("web-2", { groups: ["db"] });
    const one = await under.ask("POST open", { sites: ["db"] }, WAIT);
    expect(one.json.effect).toMatchObject({ isDone: true, unnamed: [] });
    expect(statesOf(one)).toEqual([
      ["web-1", "not-mine"],
      ["web-2", "applied"],
    ]);
  });

  test("waits for nothing in a dry run", async () => {
    await stay("web-1");
    const { json } = await under.ask("POST close", { sites: ["shop"], dryRun: true }, WAIT);
    expect(json).not.toHaveProperty("effect");
  });
});

describe("GET fleet", () => {
  test("compares the processes with the current version, or with the one that is asked for", async () => {
    const { lineage } = await store.load();
    await stay("web-1", { position: { lineage, version: 0 } });
    await under.ask("POST close", { sites: ["shop"] });
    expect((await under.ask("GET fleet")).json).toMatchObject({
      list: "read",
      version: 1,
      processes: [{ label: "web-1", host: "web-1.example", pid: 411, state: "behind", version: 0 }],
      unnamed: ["db"],
    });
    expect(statesOf(await under.ask("GET fleet?version=0"))).toEqual([["web-1", "applied"]]);
    expect(statesOf(await under.ask("GET fleet?version=0&mode=closed&site=db"))).toEqual([["web-1", "not-mine"]]);
    expect((await under.ask("GET fleet?mode=shut")).status).toBe(422);
  });

  test("says that an override decides elsewhere", async () => {
    await follow("web-1", { override: "open" });
    expect(statesOf(await under.ask("GET fleet"))).toEqual([["web-1", "overridden"]]);
    expect(statesOf(await under.ask("GET fleet?mode=open"))).toEqual([["web-1", "applied"]]);
  });

  test("shows a caller with rights on one site how many follow, and nothing of hosts and requests", async () => {
    under.access.add("tenant", ["view", "switch"], ["shop"]);
    await follow("3f2a91c0-of-web-1", {
      label: "web-1.internal",
      groups: ["db"],
      override: "closed",
      underWay: {
        ...{ requests: 1, writes: 0, streams: 0, sockets: 0, held: 0, exempted: 0 },
        oldest: { what: "GET /blog/secret", site: "blog", since: 0 },
      },
    });
    const tenant = { "x-user": "tenant" };
    for (const answer of [
      (await under.ask("GET fleet?mode=closed", undefined, tenant)).json,
      (await under.ask("POST close", { sites: ["shop"] }, { ...tenant, ...WAIT })).json.effect,
    ]) {
      expect(answer.processes).toEqual([
        {
          ...{ id: "3f2a91c0-of-web-1", label: "3f2a91c0", state: "applied", version: answer.version, lag: 0 },
          ...{ heard: expect.any(Number), groups: [], host: null, pid: null, library: null, runtime: null },
          ...{ level: null, override: null, wallOffset: null, loopDelay: null, underWay: null },
        },
      ]);
      expect(answer.unnamed).toEqual([]);
    }
    expect((await under.ask("DELETE fleet/3f2a91c0-of-web-1?anyway=true", undefined, tenant)).status).toBe(403);
  });

  test("says that the list cannot be read; only those that see everything learn why", async () => {
    const broken = {
      ...store,
      members: { ...requireList(), list: () => Promise.reject(new Error("no table at db.internal")) },
    };
    const other = adminUnderTest({ ...SITES, store: broken });
    other.access.add("tenant", ["view"], ["shop"]);
    expect((await other.ask("GET fleet")).json).toMatchObject({
      list: "unreachable",
      reason: "no table at db.internal",
    });
    const { status, text } = await other.ask("GET fleet", undefined, { "x-user": "tenant" });
    expect([status, text.includes("db.internal")]).toEqual([200, false]);
    await other.close();
  });

  test("says that the store keeps no list", async () => {
    const { members: _members, ...without } = store;
    const other = adminUnderTest({ ...SITES, store: without });
    expect((await other.ask("GET fleet")).json).toEqual({ list: "none" });
    await other.close();
  });
});

describe("DELETE fleet/{id}", () => {
  test("forgets a process, unless it was heard within its interval", async () => {
    const listed = await stay("web-1");
    const refused = await under.ask("DELETE fleet/web-1");
    expect([refused.status, refused.json.code]).toEqual([409, "ERR_CONFLICT"]);
    const forgotten = await under.ask("DELETE fleet/web-1?anyway=true");
    expect([forgotten.status, forgotten.json.label]).toEqual([200, "web-1"]);
    await expect(listed.renew()).rejects.toThrow("unknown");
    expect((await under.ask("DELETE fleet/web-1")).status).toBe(404);
    expect(under.log.join()).toContain("forgetProcess");
  });
});

function requireList(): NonNullable<Store["members"]> {
  if (store.members === undefined) throw new Error("no list");
  return store.members;
}
