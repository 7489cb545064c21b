import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileStore } from "../../../src/stores/file.ts";
import type { MemberList } from "../../../src/stores/members.ts";
import type { Store } from "../../../src/stores/store.ts";
import { change } from "../../../src/testing/stores/session.ts";

let parent: string;
let folder: string;
let list: string;
let store: Store;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "maintenance-"));
  folder = join(parent, "states");
  await mkdir(folder);
  list = join(folder, "state.json.members");
  store = fileStore({ path: join(folder, "state.json") });
});

afterEach(async () => {
  await store.close();
  await rm(parent, { recursive: true });
});

function membersOf({ members }: Store): MemberList {
  if (members === undefined) throw new Error("a file store keeps a list of processes");
  return members;
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;

test("after the first row nothing changes in the folder that the watchers of the state watch", async () => {
  const members = membersOf(store);
  await change(store, { shop: {} });
  const held = await members.join({ id: "a", text: "{}" });
  const timesOf = async () => [
    (await stat(folder, { bigint: true })).mtimeNs,
    (await stat(join(folder, "state.json"), { bigint: true })).ctimeNs,
  ];
  const before = await timesOf();
  await members.renew({ id: "a", text: "[1]" }, held);
  await members.join({ id: "b", text: "{}" });
  await members.setBarrier({ id: "x", targets: ["*"], text: "{}" }, null);
  await members.evict("a", 2, "x");
  await members.leave("a", 3);
  await members.list();
  expect(await timesOf()).toEqual(before);
});

test("each row is a file that a person can read, and version control ignores them", async () => {
  await membersOf(store).join({ id: "a", text: '{"label":"web-1"}' });
  expect((await readdir(list)).sort()).toEqual([".gitignore", "list.row", "row-a.row"]);
  expect(await readFile(join(list, "row-a.row"), "utf8")).toMatch(
    /^1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\n\{.*web-1.*\}$/,
  );
  expect(await readFile(join(list, ".gitignore"), "utf8")).toBe("*\n");
});

test.each([
  ["the group may not write the folder of the state", 0o755, 0o750, 0o640],
  ["the group may", 0o2775, 0o2770, 0o660],
])("the permissions if %s", async (_what, given, expected, file) => {
  await chmod(folder, given);
  const held = await membersOf(store).join({ id: "a", text: "{}" });
  await membersOf(store).renew({ id: "a", text: "[1]" }, held);
  expect([await modeOf(list), await modeOf(join(list, "row-a.row"))]).toEqual([expected, file]);
});

test("the state can be written and removed beside the list, which stays", async () => {
  const members = membersOf(store);
  await members.join({ id: "a", text: "{}" });
  await change(store, { shop: {} });
  await rm(join(folder, "state.json"));
  expect((await store.load()).records).toEqual([]);
  expect((await members.list()).rows).toHaveLength(1);
});

test("what killed writers have left is removed with the next row", async () => {
  const members = membersOf(store);
  await members.join({ id: "a", text: "{}" });
  const drafts = ["row-a.row.0badc0de-0000-4000-8000-000000000000.tmp", "lock.0badc0de", "lock.11111111"];
  for (const name of drafts) await writeFile(join(list, name), "");
  for (const name of drafts.slice(0, 2)) await utimes(join(list, name), 0, 0);
  await members.join({ id: "b", text: "{}" });
  expect((await readdir(list)).sort()).toEqual([".gitignore", "list.row", "lock.11111111", "row-a.row", "row-b.row"]);
});

test("nothing is written while the folder of the state is gone, or is another one", async () => {
  const members = membersOf(store);
  await change(store, { shop: {} });
  const held = await members.join({ id: "a", text: "{}" });
  await rename(folder, `${folder}.away`);
  const unavailable = { code: "ERR_STORE_UNAVAILABLE", message: expect.stringContaining("its folder") };
  await expect(members.renew({ id: "a", text: "{}" }, held)).rejects.toMatchObject(unavailable);
  await expect(members.join({ id: "b", text: "{}" })).rejects.toMatchObject(unavailable);
  await mkdir(folder);
  await expect(members.join({ id: "b", text: "{}" })).rejects.toMatchObject(unavailable);
  expect(await readdir(folder)).toEqual([]);
});

test("a file in the place of the folder is named, with what to do", async () => {
  await writeFile(list, "not a folder");
  await expect(membersOf(store).join({ id: "a", text: "{}" })).rejects.toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    message: expect.stringContaining("Cannot read the list of processes of the state file"),
    hint: expect.stringContaining("is not a folder"),
  });
  expect((await change(store, { shop: {} })).version).toBe(1);
});
