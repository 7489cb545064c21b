import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MemberRow } from "../../src/fleet/row.ts";
import type { MemberList, StoredMember } from "../../src/stores/members.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { listFollower, listProcess } from "../support/member-rows.ts";
import { quickClock } from "../support/quick-clock.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";

const NOW = Date.parse("2026-11-21T18:50:00Z");

let cli: CliInProcess;
let store: Store;
/** Milliseconds since each row was written, by id. */
let ages: Map<string, number>;

beforeEach(() => {
  cli = cliInProcess();
  ages = new Map();
  store = agedStore(memoryStore(), ages);
  use(store);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "effectStore");
  cli.remove();
});

function agedStore(inner: Store, known: ReadonlyMap<string, number>): Store {
  const members = requireList(inner);
  const age = (row: StoredMember): StoredMember => ({ ...row, age: known.get(row.id) ?? 400 });
  const list: MemberList["list"] = async (options) => {
    const listing = await members.list(options);
    return { ...listing, age: 60_000, rows: listing.rows.map(age) };
  };
  return { ...inner, members: { ...members, list } };
}

function requireList({ members, name }: Store): MemberList {
  if (members === undefined) throw new Error(`${name} has no list`);
  return members;
}

/** Returns the store with other methods of its list. */
function withList(methods: Partial<MemberList>): Store {
  return { ...store, members: { ...requireList(store), ...methods } };
}

function use(used: Store, members = 'sites: { shop: { hosts: ["shop.example"] } }, groups: ["payments"]'): void {
  Object.assign(globalThis, { effectStore: { ...used, close: async () => {} } });
  cli.members = `${members}, store: globalThis.effectStore`;
}

async function run(
  ...line: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { code, written } = await cli.start(line, { isInteractive: false, clock: quickClock(NOW) });
  return { code, ...written };
}

/** Returns the lines of the report that concern processes. */
async function effectLines(...line: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await run(...line);
  expect(code).toBe(0);
  const concerns = /process|applied|Silent|Overridden|Unguarded|ended|group/;
  return stdout
    .split("\n")
    .filter((one) => concerns.test(one) && !/^ {2}|(?:now|result), in |: nothing changed/.test(one));
}

const follower = (id: string, row?: Partial<MemberRow>) => listFollower(store, id, { label: id, ...row });
const listed = (id: string, row?: Partial<MemberRow>) => listProcess(requireList(store), id, { label: id, ...row });

describe("on and off say which processes have applied the change", () => {
  test("all of them", async () => {
    for (const id of ["web-2", "web-1", "web-10"]) await follower(id);
    expect(await effectLines("on", "shop")).toEqual([
      "3 processes follow: web-1, web-2 and web-10; all have applied it (0 s).",
    ]);
    expect(await effectLines("off", "shop")).toEqual([
      "3 processes follow: web-1, web-2 and web-10; all have applied it (0 s).",
    ]);
  });

  test("the only one", async () => {
    await follower("web-1");
    expect(await effectLines("on")).toEqual(["1 process follows: web-1; it has applied it (0 s)."]);
  });

  test("two of one host by their process ids, and of many the first and the number", async () => {
    await follower("a", { label: "web-1" });
    await follower("b", { label: "web-1", process: { pid: 412, started: "1", space: "x", host: "web-1" } });
    expect(await effectLines("on")).toEqual([
      "2 processes follow: web-1 (pid 411) and web-1 (pid 412); all have applied it (0 s).",
    ]);
    for (let n = 3; n <= 200; n += 1) await follower(`web-${n}`);
    expect(await effectLines("off")).toEqual([
      "200 processes follow: web-1 (pid 411), web-1 (pid 412), web-3 and 197 more; all have applied it (0 s).",
    ]);
  });

  test("none at all", async () => {
    const { code, stdout } = await run("on");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "\nNo process follows this state. Is the application using another store? It was written to memory of this process.\n",
    );
  });

  test("after three seconds also those that have not, first, with what to do", async () => {
    for (const id of ["web-1", "web-2"]) await follower(id);
    const { lineage, version } = await store.load();
    await listed("3f2a91c0-web-3", { label: "web-3", position: { lineage, version } });
    ages.set("3f2a91c0-web-3", 40_000);
    const lines = await effectLines("on");
    expect(lines).toEqual([
      expect.stringMatching(
        /^Not applied by web-3: at version 0, last heard 40 s ago\. Its visitors may still meet the old state\. Check that it runs and can reach the store\. If it is known to be dead: maintenance-mode --config \S+ fleet forget 3f2a91c0$/,
      ),
      "2 of 3 processes have applied it (2.8 s): web-1 and web-2.",
    ]);
  });

  test("as soon as the last one has, without waiting on", async () => {
    const late = await listed("web-1");
    const { list } = requireList(store);
    let looks = 0;
    const listLate: MemberList["list"] = async (options) => {
      looks += 1;
      if (looks === 3) {
        const { lineage, version } = await store.load();
        await late.renew({ position: { lineage, version } });
      }
      return await list(options);
    };
    use(withList({ list: listLate }));
    expect(await effectLines("on")).toEqual(["1 process follows: web-1; it has applied it (0.2 s)."]);
  });

  test("claims nothing of a process that is silent, overridden, of another store, unguarded or unreadable", async () => {
    await follower("web-1");
    await listed("web-2");
    ages.set("web-2", 240_000);
    await follower("web-3", { override: "open" });
    await listed("web-4", { position: { lineage: "copy~copy1", version: 1 } });
    await follower("web-5", { state: "unguarded" });
    await store.members?.join({ id: "web-6-of-a-later-release", text: "{}" });
    const lines = await effectLines("on");
    expect(lines.map((line) => line.replace(/ --config \S+/, ""))).toEqual([
      "Not applied by web-4: it follows another state, such as a copy or one from before the store was lost. Check that it runs and can reach memory of this process.",
      "Overridden in web-3: the override 'open' decides there, whatever is stored. Remove MAINTENANCE_MODE or the option `override` there, and restart.",
      "Unguarded: web-5 no longer checks requests: a guard was removed there. Restart it.",
      "It is not known whether web-6-of has applied it: its row cannot be read, and may be of a later release.",
      "Silent: web-2, the state was never loaded, last heard 4 min ago. It is not known whether it runs. If it is known to be dead: maintenance-mode fleet forget web-2",
      "1 of 5 processes has applied it (2.8 s): web-1.",
    ]);
  });

  test("an override to the mode that was asked for is no obstacle", async () => {
    await follower("web-1", { override: "closed" });
    expect(await effectLines("on")).toEqual(["1 process follows: web-1; it has applied it (0 s)."]);
  });

  test("of a group, only those that name it", async () => {
    await follower("web-1", { groups: ["payments"] });
    await follower("web-2");
    expect(await effectLines("on", "payments")).toEqual([
      "Not concerned: web-2, which does not name the group.",
      "1 process follows: web-1; it has applied it (0 s).",
    ]);
  });

  test("of a group that no process names", async () => {
    await follower("web-1");
    expect(await effectLines("on", "payments")).toEqual([
      "Not concerned: web-1, which does not name the group.",
      "No process names the group payments: it closes nothing. Gates name it in the option `groups`.",
    ]);
    const { stdout } = await run("on", "payments", "--message", "Back soon");
    expect(stdout).toContain("Visitors of applications that name this group get a 503.");
    expect(stdout).not.toMatch(/applications that read this state|The other sites stay/);
  });

  test("a process of this machine that has died is removed, and said so", async () => {
    await follower("web-1");
    const { identifyThisProcess } = await import("../../src/platform/process-identity.ts");
    const here = await identifyThisProcess();
    await listed("web-2", { process: { ...here, started: "0" } });
    expect(await effectLines("on")).toEqual([
      "web-2 has ended: it was removed from the list.",
      "1 process follows: web-1; it has applied it (0 s).",
    ]);
    expect((await store.members?.list())?.rows.map(({ id }) => id)).toEqual(["web-1"]);
  });

  test("nothing of a store that keeps no list", async () => {
    const { members: _members, ...without } = store;
    use(without);
    const { stdout } = await run("on");
    expect(stdout).toContain("\nIt is not known which processes have applied it: this store keeps no list of them.\n");
  });

  test("that the list cannot be read; the switch has succeeded", async () => {
    const fail = () => Promise.reject(new Error("the table maintenance_members is missing"));
    use(withList({ list: fail }));
    const { code, stdout } = await run("on");
    expect(code).toBe(0);
    expect(stdout).toContain("Everything (*) is closed now");
    expect(stdout).toContain(
      "\nIt is not known which processes have applied it: the table maintenance_members is missing. See the log of the store.\n",
    );
  });

  test("gives up on a list that does not answer", async () => {
    use(withList({ list: () => new Promise(() => {}) }));
    const { code, stdout } = await run("on");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "It is not known which processes have applied it: the list of processes of memory of this process did not answer within 3 s.",
    );
  });

  test("not with --detach, nor in a dry run", async () => {
    await follower("web-1");
    for (const option of ["--detach", "--dry-run"]) {
      expect(await effectLines("on", option)).toEqual([]);
      expect(JSON.parse((await run("off", option, "--json")).stdout)).toMatchObject({ effect: null });
    }
  });

  test("in JSON as data", async () => {
    await follower("web-1", { groups: ["payments"], wallOffset: 2_000 });
    const { stdout } = await run("on", "shop", "--json");
    expect(JSON.parse(stdout).effect).toEqual({
      list: "read",
      version: 1,
      processes: [
        expect.objectContaining({
          id: "web-1",
          label: "web-1",
          host: "web-1.example",
          pid: 411,
          state: "applied",
          version: 1,
          lag: 0,
          heard: 400,
          library: "1.2.3",
          runtime: "node 24.21.0",
          level: "presence",
          wallOffset: 2_000,
          loopDelay: 0,
        }),
      ],
      unnamed: [],
      waited: 0,
      isDone: true,
    });
  });
});

describe("status", () => {
  test("has one line on the processes", async () => {
    expect((await run("status")).stdout).toContain("\nNo process follows this state.\n");
    await follower("web-1");
    expect((await run("status")).stdout).toContain("\n1 process follows, at version 0.\n");
    await follower("web-2");
    await run("on", "--detach");
    expect((await run("status")).stdout).toContain("\n2 processes follow, all at version 1.\n");
    await listed("web-3");
    expect((await run("status")).stdout).toMatch(
      /\n3 processes follow, 1 not at version 1: web-3\. See: maintenance-mode .*status --fleet\n/,
    );
    ages.set("web-3", 91_000);
    expect((await run("status")).stdout).toMatch(
      /\n2 processes follow, all at version 1; 1 more is silent\. See: maintenance-mode .*status --fleet\n/,
    );
  });

  test("lists them with --fleet", async () => {
    await follower("web-1", { wallOffset: 3_400 });
    await listed("b0000000-0000", {
      label: "web-2",
      level: "strict",
      position: { lineage: (await store.load()).lineage, version: 0 },
      underWay: {
        ...{ requests: 2, writes: 1, streams: 0, sockets: 0, held: 0, exempted: 0 },
        oldest: { what: "POST /import", site: "shop", since: 0 },
      },
    });
    await run("on", "--detach");
    const { stdout, code } = await run("status", "--fleet");
    expect(code).toBe(2);
    const lines = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    expect(lines).toContain("Process | Host | State | Heard | Clock | Release | Level | Under way | Id");
    expect(lines).toContain(
      "web-2 | web-2.example, pid 411 | behind by 1 | 0 s ago | 1.2.3 | strict | 2 requests; oldest POST /import | b0000000",
    );
    expect(lines).toContain("web-1 | web-1.example, pid 411 | applied | 0 s ago | +3 s | 1.2.3 | presence | web-1");
    expect(lines).toContain("No process names the group payments.");
    expect((await run("fleet")).stdout).toContain("web-1.example, pid 411");
    expect(JSON.parse((await run("fleet", "--json")).stdout)).toMatchObject({
      fleet: { version: 1, processes: [{}, {}] },
    });
  });
});

describe("fleet forget", () => {
  test("removes a process that is known to be dead; one that is alive after all joins again", async () => {
    const dead = await listed("3f2a91c0-1111", { label: "web-3" });
    ages.set("3f2a91c0-1111", 40_000);
    const { code, stdout } = await run("fleet", "forget", "3f2a");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        "web-3 (web-3.example, pid 411) is no longer in the list. If it is alive after all, it joins again with a new id.\n",
    });
    await expect(dead.renew()).rejects.toThrow("unknown");
    expect((await run("status")).stdout).toContain("No process follows this state.");
  });

  test("refuses one that was heard within its interval, unless --anyway is given", async () => {
    await listed("3f2a91c0-1111", { label: "web-3" });
    ages.set("3f2a91c0-1111", 12_000);
    const refused = await run("fleet", "forget", "3f2a91c0");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("'web-3' is alive: it was heard 12 s ago. [ERR_CONFLICT]\nStop it, and it leaves");
    expect((await run("fleet", "forget", "3f2a91c0", "--anyway")).code).toBe(0);
  });

  test("names the ids if the beginning is that of several, and says if there is none", async () => {
    await listed("3f2a91c0-1111");
    await listed("3f2a91c0-2222");
    expect((await run("fleet", "forget", "3f2a")).stderr).toContain(
      "2 processes have an id that begins with '3f2a'. [ERR_INVALID_COMMAND]\nWrite more of it: 3f2a91c0-1111, 3f2a91c0-2222.",
    );
    expect((await run("fleet", "forget", "4")).stderr).toContain(
      "No process in the list has the id '4'. [ERR_NOT_FOUND]",
    );
  });
});

describe("doctor", () => {
  const findings = async () => (await run("doctor")).stdout.split("\n");

  test("says that no process follows, and which groups none names", async () => {
    const lines = await findings();
    expect(lines).toContain("! warn   processes: no process follows this state");
    expect(lines).toContain("! warn   groups: no process names payments: closing it closes nothing");
  });

  test("names processes that are silent, have another clock or an older release, or go by an override", async () => {
    await follower("web-1", { groups: ["payments"] });
    await follower("web-2", { wallOffset: -1_500, library: "1.2.2" });
    await follower("web-3", { override: "open", loopDelay: 5_000 });
    await listed("web-4");
    ages.set("web-4", 100_000);
    const lines = await findings();
    expect(lines).toContain("✓ ok     processes: 3 follow, 2 of them at version 0");
    expect(lines).toContain("! warn   processes: web-4 (silent for 1 min 40 s, id web-4)");
    expect(lines).toContain("! warn   processes: web-2 (its clock differs by -2 s)");
    expect(lines).toContain("! warn   processes: web-2 (release 1.2.2, and 1.2.3 is in use)");
    expect(lines).toContain("! warn   processes: web-3 (goes by the override 'open')");
    expect(lines).toContain("! warn   processes: web-3 (its event loop stood still for 5 s)");
    expect(lines.join()).not.toContain("groups:");
  });

  test("says that the list cannot be read or written, with the fix", async () => {
    const fail = () => Promise.reject(new Error("permission denied for table maintenance_members"));
    use(withList({ renew: fail }));
    expect(await findings()).toContain(
      "! warn   processes: the list cannot be written: permission denied for table maintenance_members",
    );
    use(withList({ list: fail }));
    expect(await findings()).toContain("✗ error  processes: permission denied for table maintenance_members");
  });

  test("says that a store keeps no list", async () => {
    const { members: _members, ...without } = store;
    use(without);
    expect(await findings()).toContain(
      "✓ ok     processes: this store keeps no list of them, so no command can say which have applied a change",
    );
  });
});
