import { createClient } from "redis";
import { expect, test } from "vitest";
import { redisStore } from "../../../src/stores/redis.ts";
import { capabilitiesAsRows, capabilityRows } from "../../support/capability-rows.ts";

const url = "redis://127.0.0.1:6379";

test.each([
  [{}, "no server"],
  [{ url: undefined }, "no server"],
  [{ url, client: createClient({ url }) }, "more than one server"],
  [{ url: "http://:the-secret@127.0.0.1" }, "url is not the address"],
  [{ url: "the-secret" }, "url is not the address"],
  [{ url: "redis:the-secret@127.0.0.1" }, "no '//' after 'redis:'"],
  [{ connection: { socket: { port: "abc" }, password: "the-secret" } }, "port 'abc'"],
  [{ client: {} }, "client"],
  [{ client: "redis" }, "client"],
  [{ url, prefix: "" }, "prefix"],
  [{ url, prefix: "a b" }, "prefix"],
  [{ url, prefix: "a{}" }, "prefix"],
  [{ url, keepChanges: 0 }, "keepChanges"],
  [{ url, keepChanges: 1.5 }, "keepChanges"],
  [{ url, timeout: 9 }, "timeout"],
  [{ url, prefixx: "x" }, "'prefixx'"],
])("refuses %o, and the message says %s", (options: object, said) => {
  const attempt = (): unknown => redisStore(options);
  expect(attempt).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.stringContaining(said) }),
  );
  expect(attempt).not.toThrow(expect.objectContaining({ message: expect.stringContaining("secret") }));
});

test.each([
  [{ url: "redis://app:the-secret@cache.example" }, "Redis at cache.example:6379"],
  [{ url: "rediss://:the-secret@cache.example:6380/2" }, "Redis at cache.example:6380/2"],
  [{ connection: { socket: { host: "cache.example", port: 7000 } } }, "Redis at cache.example:7000"],
  [{ connection: { host: "cache.example", password: "the-secret" } }, "Redis at cache.example:6379"],
  [{ client: createClient({ url: "redis://:the-secret@cache.example:6390" }) }, "Redis at cache.example:6390"],
])("the name of the store shows the place and no password: %o", (options, name) => {
  expect(redisStore(options).name).toBe(name);
});

test("the store does nothing until it is used, and can be closed before", async () => {
  await redisStore({ url: "redis://127.0.0.1:1" }).close();
});

test("examining an unreachable server reports that, and never rejects", async () => {
  const store = redisStore({ url: "redis://:the-secret@127.0.0.1:1" });
  const message = expect.stringMatching(/^Redis at 127\.0\.0\.1:1: .*ECONNREFUSED/);
  const hint = "Start Redis, or fix host and port in redisStore({ url }).";
  expect(await store.examine?.()).toEqual([{ level: "error", subject: "connection", message, hint }]);
  await store.close();
});

test("docs/stores-redis.md lists the capabilities of the store", () => {
  expect(capabilityRows("stores-redis")).toMatchObject(
    capabilitiesAsRows(redisStore({ url: "redis://127.0.0.1" }).capabilities),
  );
});
