import { afterAll, beforeAll, expect, test } from "vitest";
import { redisStore } from "../../src/stores/redis.ts";
import { change } from "../../src/testing/stores/session.ts";
import { blocksIn } from "../package/docs-pages.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

/** The commands of docs/stores-redis.md for the reader to type. */
const [use = [], copy = [], doctor = []] = blocksIn("sh")
  .filter(({ place, code }) => place.startsWith("docs/stores-redis.md") && code.includes("ACL SETUSER"))
  .flatMap(({ code }) => code.trim().split("\n"))
  .map((line) => line.replace("redis-cli ", "").replaceAll("'", "").split(" "));

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("a Redis user with the documented permissions", () => {
  let server: RedisServer;
  const open = () => redisStore({ url: `redis://maintenance:PASSWORD@127.0.0.1:${server.port}` });

  beforeAll(async () => {
    server = await startRedis();
    await server.command(...use);
  });
  afterAll(() => server?.stop());

  test("can switch and follow", async () => {
    const store = open();
    const position = await change(store, { shop: { mode: "closed" } });
    expect(await store.changesSince(position)).toEqual([]);
    expect(await store.history({ limit: 10 })).toHaveLength(1);
    await change(store, { shop: null });
    expect((await store.load({ sites: ["shop"] })).records).toEqual([]);
    const ending = new AbortController();
    await store.watch?.(() => ending.abort(), { signal: ending.signal });
    await store.close();
  });

  test("can keep and read the list of processes", async () => {
    const store = open();
    const { list } = (await store.members?.join({ id: "web-1", text: "{}" })) ?? {};
    expect(await store.members?.list()).toMatchObject({ list, rows: [{ id: "web-1" }] });
    await store.members?.leave("web-1", 1);
    expect(await store.members?.replicated?.()).toEqual({ replicas: 0, confirmed: 0 });
    await store.close();
  });

  test("still switches and follows with the permissions of a release without that list", async () => {
    const older = use.map((part) => (part === "maintenance" ? "older" : part)).filter((part) => part !== "+time");
    const keys = older.flatMap((part) =>
      part.startsWith("~") ? ["head", "sites", "changes"].map((key) => `~{maintenance:}${key}`) : part,
    );
    for (const rights of [older, [...keys, "+time"]]) {
      await server.command("ACL", "DELUSER", "older");
      await server.command(...rights);
      const store = redisStore({ url: `redis://older:PASSWORD@127.0.0.1:${server.port}` });
      await expect(store.members?.list()).rejects.toMatchObject({
        code: "ERR_STORE_UNAVAILABLE",
        hint: expect.stringContaining("docs/stores-redis.md"),
      });
      await expect(store.members?.join({ id: "web-2", text: "{}" })).rejects.toThrow();
      const position = await change(store, { shop: { mode: "closed" } });
      expect(await store.changesSince(position)).toEqual([]);
      await change(store, { shop: null });
      await store.close();
    }
  });

  test("can import with the second ACL line of the docs, and gets an error without it", async () => {
    const store = open();
    const state = await store.load();
    const content = { ...state, lineage: "elsewhere", history: await store.history({ limit: 10 }) };
    await expect(store.importState(content, state)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("docs/stores-redis.md"),
    });
    await server.command(...copy);
    expect(await store.importState(content, state)).toMatchObject({ ok: true });
    await store.close();
  });

  test("can be examined with the third line", async () => {
    const store = open();
    const hint = "Grant this user the permissions in docs/stores-redis.md of this package, with ACL SETUSER.";
    expect(await store.examine?.()).toEqual([expect.objectContaining({ level: "error", hint })]);
    await server.command(...doctor);
    expect(await store.examine?.()).toContainEqual(expect.objectContaining({ level: "ok", subject: "persistence" }));
    await store.close();
  });
});
