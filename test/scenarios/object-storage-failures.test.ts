import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { AwsClient } from "aws4fetch";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMaintenanceError } from "../../src/errors.ts";
import { type ObjectStorageStoreOptions, objectStorageStore } from "../../src/stores/object-storage.ts";
import type { Store } from "../../src/stores/store.ts";
import { createTcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { change, draftFrom } from "../../src/testing/stores/session.ts";
import { type S3Options, type S3Server, startS3 } from "../support/servers/s3.ts";

const CLOSED = { mode: "closed" };
const closers: (() => Promise<void>)[] = [];
let s3: S3Server;

beforeEach(async () => {
  s3 = await start();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options?: S3Options): Promise<S3Server> {
  const server = await startS3(options);
  closers.push(server.close);
  return server;
}

function open(options: Partial<ObjectStorageStoreOptions> = {}, server = s3): Store {
  const { url: endpoint, bucket, accessKeyId, secretAccessKey } = server;
  return objectStorageStore({ endpoint, bucket, accessKeyId, secretAccessKey, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(isMaintenanceError(error, "ERR_STORE_UNAVAILABLE")).toBe(true);
  const told = isMaintenanceError(error) ? `${error.message} ${error.hint} ${JSON.stringify(error.cause)}` : "";
  expect(told).not.toContain(s3.secretAccessKey);
  return told;
}

describe("refusals are explained, without the keys", () => {
  test("a wrong secret", async () => {
    const told = await failureOf(open({ secretAccessKey: "another-secret" }).load());
    expect(told).toContain("the secretAccessKey does not match the accessKeyId (403 SignatureDoesNotMatch)");
    expect(told).not.toContain("another-secret");
  });

  test("an unknown key", async () => {
    expect(await failureOf(open({ accessKeyId: "AKIAOTHER" }).load())).toContain("the accessKeyId is unknown");
  });

  test("a missing bucket: on a read, and on a write", async () => {
    const store = open({ bucket: "nowhere" });
    expect(await failureOf(store.load())).toContain("the bucket does not exist");
    expect(await failureOf(store.commit(draftFrom({ lineage: "", version: 0, records: [] }, { shop: {} })))).toContain(
      "the bucket does not exist",
    );
  });

  test("denied access, with the rights that it needs", async () => {
    s3.intercept(() => [403, "AccessDenied"]);
    expect(await failureOf(open().load())).toContain("s3:ListBucket");
    expect(await failureOf(open().changesSince({ lineage: "", version: 0 }))).toContain("s3:ListBucket");
  });

  test("a wrong clock", async () => {
    const late = await start({ skew: 20 * 60_000 });
    expect(await failureOf(open({}, late).load())).toContain("the clock of this machine");
  });

  test("an error of the server", async () => {
    s3.intercept(() => [503, "SlowDown"]);
    expect(await failureOf(open().load())).toContain("too many requests");
    s3.intercept(() => [500, "Internal<b>"]);
    expect(await failureOf(open().load())).toContain("answered 500.");
  });

  test("no server", async () => {
    await closers.pop()?.();
    expect(await failureOf(open().load())).toContain("cannot be reached: connect ECONNREFUSED");
  });

  test("a text that is not a state is unreadable, and not an outage", async () => {
    s3.objects.set("maintenance.json", "{");
    await expect(open().load()).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
  });
});

describe("a change", () => {
  test("that conflicts with a concurrent one (409) is tried again, and is written", async () => {
    const store = open();
    let conflicts = 2;
    s3.intercept(({ method }) =>
      method === "PUT" && conflicts-- > 0 ? [409, "ConditionalRequestConflict"] : undefined,
    );
    await change(store, { shop: CLOSED });
    expect((await store.load()).version).toBe(1);
  });

  test("to an object that was deleted meanwhile (404) starts again, and is a conflict", async () => {
    const store = open();
    await change(store, { shop: CLOSED });
    const state = await store.load();
    s3.intercept(({ method }) => void (method === "PUT" && s3.objects.clear()));
    expect(await store.commit(draftFrom(state, { shop: {} }))).toMatchObject({ ok: false, reason: "conflict" });
  });

  test("is signed with its condition, and is never cached", async () => {
    const store = open();
    await change(store, { shop: CLOSED });
    await change(store, { shop: null });
    const puts = s3.requests
      .filter(({ method, key }) => method === "PUT" && !key.endsWith(".probe"))
      .map(({ headers }) => headers);
    expect(puts[0]?.["if-none-match"]).toBe("*");
    expect(puts[1]?.["if-match"]).toMatch(/^"[0-9a-f]{32}"$/);
    expect(puts[1]?.["cache-control"]).toContain("no-store");
  });
});

test("a poll without changes is one HEAD", async () => {
  const store = open();
  const position = await change(store, { shop: CLOSED });
  await store.load();
  const before = s3.requests.length;
  expect(await store.changesSince(position)).toEqual([]);
  expect(s3.requests.slice(before).map(({ method }) => method)).toEqual(["HEAD"]);
});

describe("the list of processes", () => {
  const methods = (from: number) => s3.requests.slice(from).map(({ method }) => method);
  const objects = (): readonly string[] => [...s3.objects.keys()].filter((key) => !key.endsWith(".probe")).sort();

  test("is in objects beside the state, a renewal is one PUT and three GET, and leaving removes the object", async () => {
    const { members } = open();
    const joined = await members?.join({ id: "web-1", text: "{}" });
    expect(objects()).toEqual(["maintenance.json.members/list", "maintenance.json.members/row-web-1"]);
    const before = s3.requests.length;
    expect(joined && (await members?.renew({ id: "web-1", text: "{}" }, joined))).toMatchObject({ ok: true, seq: 2 });
    expect(methods(before).sort()).toEqual(["GET", "GET", "GET", "PUT"]);
    await members?.leave("web-1", 1);
    expect((await members?.list())?.rows).toMatchObject([{ id: "web-1", seq: 2 }]);
    await members?.leave("web-1", 2);
    expect(objects()).toEqual(["maintenance.json.members/list"]);
  });

  test("is complete if the storage lists it in pages, and its ages count by the clock of the storage", async () => {
    const ahead = await start({ skew: 600_000, pageSize: 2 });
    const { members } = open({}, ahead);
    for (let row = 0; row < 6; row += 1) await members?.join({ id: `web-${row}`, text: "{}" });
    const { rows = [], age } = (await open({}, ahead).members?.list()) ?? {};
    expect(rows.map(({ id }) => id).sort()).toEqual(["web-0", "web-1", "web-2", "web-3", "web-4", "web-5"]);
    for (const time of [age, ...rows.map((row) => row.age)]) {
      expect(time).toBeGreaterThanOrEqual(0);
      expect(time).toBeLessThan(30_000);
    }
  });

  test("does not take a write that met another one (409) for a changed row", async () => {
    const { members } = open();
    const joined = await members?.join({ id: "web-1", text: "{}" });
    let conflicts = 2;
    s3.intercept(({ method }) =>
      method === "PUT" && conflicts-- > 0 ? [409, "ConditionalRequestConflict"] : undefined,
    );
    expect(joined && (await members?.renew({ id: "web-1", text: "{}" }, joined))).toMatchObject({ ok: true, seq: 2 });
  });

  test("does not contain a row whose object may not be deleted", async () => {
    const { members } = open();
    await members?.join({ id: "web-1", text: "{}" });
    s3.intercept(({ method }) => (method === "DELETE" ? [403, "AccessDenied"] : undefined));
    await members?.leave("web-1", 1);
    expect((await members?.list())?.rows).toEqual([]);
    expect(await members?.renew({ id: "web-1", text: "{}" }, { list: "", seq: 2 })).toEqual({
      ok: false,
      reason: "unknown",
    });
  });

  test("is refused where the store may not write beside the state, which still changes", async () => {
    const store = open();
    s3.intercept(({ key }) => (key.includes(".members/") ? [403, "AccessDenied"] : undefined));
    const told = await failureOf(store.members?.join({ id: "web-1", text: "{}" }) ?? Promise.resolve());
    expect(told).toContain("maintenance.json.members: access is denied");
    expect(told).toContain("s3:DeleteObject");
    await change(store, { shop: CLOSED });
    expect((await store.load()).version).toBe(1);
  });

  test("is refused by a server that ignores the conditions of a write", async () => {
    const careless = await start({ ignoresConditions: "if-match" });
    const told = await failureOf(open({}, careless).members?.join({ id: "web-1", text: "{}" }) ?? Promise.resolve());
    expect(told).toContain("the server ignores If-Match");
  });
});

describe("a missing answer", () => {
  test("times out, and the next answer is accepted", async () => {
    const proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: Number(new URL(s3.url).port) } });
    closers.push(proxy.close);
    const store = open({ endpoint: `http://127.0.0.1:${proxy.port}`, timeout: 100 });
    proxy.pause();
    expect(await failureOf(store.load())).toContain("did not answer within 0.1 s");
    proxy.cut();
    await proxy.resume();
    await expect
      .poll(
        () =>
          store.load().then(
            ({ version }) => version,
            () => null,
          ),
        { timeout: 10_000 },
      )
      .toBe(0);
  });

  test("ends with the reason of the caller who aborts", async () => {
    s3.intercept(() => "nothing");
    const ending = new AbortController();
    const loading = open().load({ signal: ending.signal });
    ending.abort("enough");
    await expect(loading).rejects.toBe("enough");
  });
});

describe("examining", () => {
  const findings = async (store: Store) =>
    Object.fromEntries(
      ((await store.examine?.()) ?? []).map(({ subject, level, message }) => [subject, [level, message]]),
    );

  test("finds no problem with a correct server, and leaves only the probe", async () => {
    expect(await findings(open())).toMatchObject({
      object: ["ok", "nothing was ever stored"],
      "clock of the server": ["ok", "as here"],
      "conditional writes": ["ok", "If-Match and If-None-Match are kept"],
    });
    expect([...s3.objects.keys()]).toEqual([expect.stringContaining(".probe")]);
  });

  test.each([
    ["if-match", "If-Match"],
    ["if-none-match", "If-None-Match"],
    [true, "If-None-Match and If-Match"],
  ] as const)(
    "names the condition that a server ignores, and refuses to write there: %s",
    async (ignoresConditions, names) => {
      const careless = await start({ ignoresConditions });
      const message = `the server ignores ${names}: one of two concurrent changes is lost`;
      expect((await findings(open({}, careless)))["conditional writes"]).toEqual(["error", message]);
      const store = open({}, careless);
      await expect(change(store, { shop: { mode: "closed" } })).rejects.toMatchObject({
        code: "ERR_STORE_UNAVAILABLE",
        message: expect.stringContaining(`the server ignores ${names}`),
      });
      expect((await store.load()).version).toBe(0);
    },
  );

  test("reports a server without conditions, a probe that may not be written, and a wrong clock", async () => {
    s3.intercept(({ method }) => (method === "PUT" ? [501, "NotImplemented"] : undefined));
    expect((await findings(open()))["conditional writes"]?.[1]).toContain("does not support conditional writes");
    s3.intercept(({ method }) => (method === "PUT" ? [403, "AccessDenied"] : undefined));
    expect((await findings(open()))["conditional writes"]?.[0]).toBe("warn");
    const ahead = await start({ skew: 5 * 60_000 });
    expect((await findings(open({}, ahead)))["clock of the server"]?.[1]).toMatch(/^300 s ahead|^299 s ahead/);
  });

  test("explains why the state cannot be read, and is refused once closed", async () => {
    const store = open({ secretAccessKey: "wrong" });
    expect((await findings(store)).object?.[0]).toBe("error");
    await store.close();
    await expect(store.examine?.()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
  });
});

test("the application's own fetch signs instead of the keys", async () => {
  const { url: endpoint, bucket, accessKeyId, secretAccessKey } = s3;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "auto" });
  const store = objectStorageStore({ endpoint, bucket, fetch: async (url, init) => fetch(await aws.sign(url, init)) });
  await change(store, { shop: CLOSED });
  expect((await store.load()).version).toBe(1);
});

test("without aws4fetch, the error says what to install", async () => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== "aws4fetch") return next(specifier, context);
        throw Object.assign(new Error("not here"), { code: "ERR_MODULE_NOT_FOUND" });
      },
    });
    const { objectStorageStore } = await import(${JSON.stringify(new URL("../../src/stores/object-storage.ts", import.meta.url))});
    const store = objectStorageStore({ endpoint: "http://127.0.0.1:1", bucket: "b", accessKeyId: "a", secretAccessKey: "s" });
    await store.load().catch(({ code, message, hint }) => process.stdout.write([code, message, hint].join(" ")));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout).toContain("ERR_DRIVER_MISSING objectStorageStore needs the package 'aws4fetch'");
  expect(stdout).toContain("npm install aws4fetch");
});
