import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file.ts";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import { change } from "../../src/testing/stores/session.ts";
import { runFixture } from "../fixtures/run-fixture.ts";

const CLOSED = { mode: "closed" };

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "state.json");
});

afterEach(() => rm(folder, { recursive: true }));

describe("hand edits", () => {
  test("touching the file closes everything, a single word switches, and removing the file opens", async () => {
    const store = fileStore({ path });
    const text = async (): Promise<string | undefined> => (await store.load()).records[0]?.text;
    const before = await store.load();
    await writeFile(path, "");
    expect(await store.changesSince(before)).toBe("reload");
    expect(await text()).toBe('{"mode":"closed"}');
    await writeFile(path, "read-only\n");
    expect(await text()).toBe('{"mode":"read-only"}');
    await rm(path);
    expect(await store.load()).toEqual(before);
  });

  test("an edit in place is noticed even if its length, version and time are the same", async () => {
    const store = fileStore({ path });
    await change(store, { shop: { mode: "closed" } });
    const position = await store.load();
    const { atime, mtime } = await stat(path);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll('"closed"', '"paused"'));
    await utimes(path, atime, mtime);
    expect(await store.changesSince(position)).toBe("reload");
    expect((await store.load()).records[0]?.text).toBe('{"mode":"paused"}');
  });

  test("an incomplete file is refused, and is read when it is complete", async () => {
    const store = fileStore({ path });
    const position = await change(store, { shop: CLOSED });
    const whole = await readFile(path, "utf8");
    await store.load();
    for (const half of ["", whole.slice(0, 40), "\0".repeat(whole.length)]) {
      await writeFile(path, half);
      await expect(store.changesSince(position)).rejects.toMatchObject({
        code: "ERR_STATE_UNREADABLE",
        message: expect.stringContaining(`file ${path}`),
        hint: expect.stringContaining(`mv '${path}' '${path}.broken'`),
      });
      await expect(change(store, { shop: null })).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
      expect(await readFile(path, "utf8")).toBe(half);
    }
    await writeFile(path, whole);
    expect(await store.changesSince(position)).toEqual([]);
  });

  test("UTF-8 with a byte order mark is read, UTF-16 is refused", async () => {
    const store = fileStore({ path });
    await writeFile(path, "\uFEFFclosed");
    expect((await store.load()).records).toHaveLength(1);
    await writeFile(path, Buffer.from("\uFEFFclosed", "utf16le"));
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STATE_UNREADABLE",
      message: expect.stringContaining("not UTF-8"),
    });
  });

  test("a state of a later release is refused and kept", async () => {
    await writeFile(path, '{ "format": 2 }');
    await expect(fileStore({ path }).load()).rejects.toMatchObject({ code: "ERR_STATE_TOO_NEW" });
    await expect(change(fileStore({ path }), {})).rejects.toMatchObject({ code: "ERR_STATE_TOO_NEW" });
  });
});

describe("a file keeps", () => {
  test("its mode, and its owner if that is allowed", async () => {
    const store = fileStore({ path });
    await change(store, { shop: CLOSED });
    await chmod(path, 0o640);
    const owner = process.geteuid?.() === 0 ? 65_534 : (await stat(path)).uid;
    await chown(path, owner, (await stat(path)).gid);
    await change(store, { shop: null });
    const { mode, uid } = await stat(path);
    expect({ mode: mode & 0o7777, uid }).toEqual({ mode: 0o640, uid: owner });
  });

  test("its symbolic link, and two names share one state", async () => {
    await mkdir(join(folder, "shared"));
    const target = join(folder, "shared", "real.json");
    await symlink(join("shared", "real.json"), path);
    await Promise.all([change(fileStore({ path }), { shop: CLOSED })]);
    await change(fileStore({ path: target }), { blog: CLOSED });
    expect((await fileStore({ path }).load()).version).toBe(2);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await lstat(target)).isFile()).toBe(true);
    expect(await readdir(folder)).toEqual(["shared", "state.json"]);
  });

  test("reading creates nothing, and the first change creates the folder", async () => {
    const deep = join(folder, "not", "there", "state.json");
    const store = fileStore({ path: deep });
    expect(await store.load()).toEqual({ lineage: "", version: 0, records: [] });
    expect(await store.changesSince({ lineage: "", version: 0 })).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    await change(store, { shop: CLOSED });
    expect(await readdir(join(folder, "not", "there"))).toEqual(["state.json"]);
  });

  test("left-overs of killed writers are removed, and other files stay", async () => {
    const draft = "state.json.01234567-89ab-cdef-0123-456789abcdef.tmp";
    for (const name of [draft, "state.json.broken", "state.json.mine.tmp"]) await writeFile(join(folder, name), "{");
    await change(fileStore({ path }), { shop: CLOSED });
    expect(await readdir(folder)).toEqual(["state.json", "state.json.broken", "state.json.mine.tmp"]);
  });
});

describe("an error of the file system has the path, the cause and the fix", () => {
  const unavailable = (cause: string, hint: string) => ({
    code: "ERR_STORE_UNAVAILABLE",
    message: expect.stringContaining(cause),
    hint: expect.stringContaining(hint),
  });

  test("for a folder in place of the file", async () => {
    await mkdir(path);
    await expect(fileStore({ path }).load()).rejects.toMatchObject(unavailable("EISDIR", "Move the folder"));
    await expect(change(fileStore({ path }), { shop: CLOSED })).rejects.toMatchObject(unavailable("EISDIR", path));
  });

  test("for a file in place of a folder", async () => {
    await writeFile(path, "");
    const below = join(path, "state.json");
    await expect(fileStore({ path: below }).load()).rejects.toMatchObject(unavailable("ENOTDIR", "not a folder"));
  });

  test("for a symbolic link to itself", async () => {
    await symlink(path, path);
    await expect(fileStore({ path }).load()).rejects.toMatchObject(unavailable("ELOOP", "not a folder"));
  });

  test("without permission to read, or to write", async () => {
    await chmod(folder, 0o755);
    await change(fileStore({ path }), { shop: CLOSED });
    if (process.geteuid?.() !== 0) await chmod(folder, 0o555);
    const written = JSON.parse((await runFixture("call-as-nobody", path, "commit").ended).output);
    expect(written).toMatchObject(unavailable("Cannot write", "to write, it needs the folder"));
    await chmod(folder, 0o755);
    await chmod(path, process.geteuid?.() === 0 ? 0o600 : 0);
    const read = JSON.parse((await runFixture("call-as-nobody", path, "load").ended).output);
    expect(read).toMatchObject(unavailable("EACCES", `read '${path}'`));
  });

  test.each([
    ["a linked folder", "data", "data/state.json"],
    ["a linked file", "state.json", "state.json"],
  ])(
    "without permission to write behind %s, with the folder in which the lock is needed",
    async (_what, link, file) => {
      const shared = join(folder, "shared");
      await change(fileStore({ path: join(shared, "state.json") }), { shop: CLOSED });
      await symlink(link === "data" ? "shared" : "shared/state.json", join(folder, link));
      await chmod(join(shared, "state.json"), 0o666);
      await chmod(shared, process.geteuid?.() === 0 ? 0o755 : 0o555);
      await chmod(folder, 0o777);
      const commit = async () => (await runFixture("call-as-nobody", join(folder, file), "commit").ended).output;
      expect(JSON.parse(await commit())).toMatchObject(
        unavailable("Cannot write", `it needs the folder '${shared}' too`),
      );
      await chmod(shared, 0o777);
      expect(await commit()).toBe("");
      expect((await fileStore({ path: join(shared, "state.json") }).load()).version).toBe(2);
    },
  );
});

describe("permissions of new files", () => {
  const permissions = async (name: string) => {
    const { mode, gid } = await stat(name);
    return { mode: (mode & 0o7777).toString(8), gid };
  };

  test.each([
    [0o755, "640"],
    [0o775, "660"],
    [0o777, "660"],
  ])("a new file in a folder of mode %o has its group, and other users cannot read it", async (mode, expected) => {
    await chmod(folder, mode);
    const gid = process.geteuid?.() === 0 ? 65_534 : (await stat(folder)).gid;
    await chown(folder, (await stat(folder)).uid, gid);
    await change(fileStore({ path }), { shop: CLOSED });
    expect(await permissions(path)).toEqual({ mode: expected, gid });
    const database = join(folder, "state.db");
    const store = sqliteStore({ path: database });
    await change(store, { shop: CLOSED });
    for (const end of ["", "-wal", "-shm"])
      expect(await permissions(`${database}${end}`)).toEqual({ mode: expected, gid });
    await store.close();
  });

  test("a new folder is never writable by others, whatever the umask", async () => {
    const deep = join(folder, "deep", "down", "state.json");
    const before = process.umask(0);
    try {
      await change(fileStore({ path: deep }), { shop: CLOSED });
    } finally {
      process.umask(before);
    }
    for (const name of ["deep", "deep/down"]) expect((await permissions(join(folder, name))).mode).toBe("755");
    expect((await permissions(deep)).mode).toBe("640");
  });

  test("another user cannot read it, and gets the fix", async () => {
    if (process.geteuid?.() !== 0) return;
    await chmod(folder, 0o755);
    await change(fileStore({ path }), { shop: CLOSED });
    const read = JSON.parse((await runFixture("call-as-nobody", path, "load").ended).output);
    expect(read).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", message: expect.stringContaining("EACCES") });
    // A file that root creates for an application belongs to the owner of its folder.
    await chown(folder, 65_534, 65_534);
    await rm(path);
    await change(fileStore({ path }), { shop: CLOSED });
    expect((await runFixture("call-as-nobody", path, "load").ended).output).toBe("");
  });
});

describe("a missing folder is not a removed file", () => {
  test.each<[string, (home: string) => Promise<unknown>, (home: string) => Promise<unknown>]>([
    ["renamed", (home) => rename(home, `${home}.away`), (home) => rename(`${home}.away`, home)],
    [
      "replaced by an empty one, as when it is unmounted",
      async (home) => {
        await rename(home, `${home}.away`);
        await mkdir(home);
      },
      async (home) => {
        await rm(home, { recursive: true });
        await rename(`${home}.away`, home);
      },
    ],
  ])(
    "%s: the last state holds, nothing is written, and the store recovers when the folder is back",
    async (_how, take, giveBack) => {
      const home = join(folder, "home");
      const store = fileStore({ path: join(home, "state.json") });
      const position = await change(store, { shop: CLOSED });
      await store.load();
      await take(home);
      const gone = { code: "ERR_STORE_UNAVAILABLE", message: expect.stringContaining("is gone, and its folder") };
      await expect(store.changesSince(position)).rejects.toMatchObject(gone);
      await expect(store.load()).rejects.toMatchObject(gone);
      await expect(change(store, { shop: null })).rejects.toMatchObject(gone);
      await giveBack(home);
      expect(await store.changesSince(position)).toEqual([]);
    },
  );

  test("a folder that is moved during a read is also reported", async () => {
    for (let turn = 0; turn < 100; turn += 1) {
      const home = join(folder, String(turn));
      const store = fileStore({ path: join(home, "state.json") });
      await change(store, { shop: CLOSED });
      const reading = store.load().catch(() => null);
      // Each turn moves the folder a few steps later: before, while and after the file is opened.
      for (let step = 0; step < turn % 10; step += 1) await stat(folder);
      await rename(home, `${home}.away`);
      await reading;
      await expect(store.load()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    }
  });

  test("while the folder exists, a removed file means that nothing is closed", async () => {
    const store = fileStore({ path });
    await change(store, { shop: CLOSED });
    await store.load();
    await rm(path);
    expect(await store.load()).toEqual({ lineage: "", version: 0, records: [] });
  });
});

describe("a change is noticed if the folder", () => {
  /** Resolves when a watch has notified of the change and `load` has returned `version`. */
  async function noticed(path: string, version: number, change: () => Promise<unknown>): Promise<void> {
    const ending = new AbortController();
    const store = fileStore({ path });
    let began = (): void => {};
    let saw = (): void => {};
    const begun = new Promise<void>((resolve) => (began = resolve));
    const seen = new Promise<void>((resolve) => (saw = resolve));
    const look = async (): Promise<void> => {
      began();
      if ((await store.load()).version >= version) saw();
    };
    const watching = store.watch?.(() => void look(), { signal: ending.signal });
    await begun;
    await change();
    await seen;
    ending.abort();
    await watching;
  }

  test("and its parents did not exist yet", async () => {
    const path = join(folder, "deep", "down", "state.json");
    await noticed(path, 1, () => change(fileStore({ path }), { shop: CLOSED }));
  });

  test("was moved away and created again", async () => {
    const path = join(folder, "moved", "state.json");
    await change(fileStore({ path }), { shop: CLOSED });
    await noticed(path, 2, async () => {
      await rename(join(folder, "moved"), join(folder, "away"));
      await mkdir(join(folder, "moved"));
      await rename(join(folder, "away", "state.json"), path);
      await change(fileStore({ path }), { blog: CLOSED });
    });
  });
});
