import { join } from "node:path";
import { expect, test } from "vitest";
import { redisStore } from "../../../src/stores/redis.ts";
import { requireService } from "../../support/require-service.ts";
import { INSTALL_REDIS, REDIS, startRedis } from "../../support/servers/redis.ts";
import { printRefusal, runWithout } from "../../support/servers/run-without.ts";

const STORE = new URL("../../../src/stores/redis.ts", import.meta.url);

test("without redis and ioredis, the error says what to install", async () => {
  const url = "redis://127.0.0.1:1";
  expect(JSON.parse(await runWithout(["redis", "ioredis"], printRefusal(STORE, "redisStore", { url })))).toEqual({
    code: "ERR_DRIVER_MISSING",
    message: "redisStore needs the package 'redis'.",
    hint: "Run: npm install redis",
  });
});

test.each([["redis"], ["ioredis"]])(
  "without %s, the store uses the other one, which reports that no server listens",
  async (missing) => {
    const url = "redis://:the-secret@127.0.0.1:1";
    const output = await runWithout([missing], printRefusal(STORE, "redisStore", { url }));
    expect(JSON.parse(output)).toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:1: .*ECONNREFUSED/),
      hint: expect.stringContaining("Start Redis"),
    });
    expect(output).not.toContain("secret");
  },
);

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("where only ioredis is installed", () => {
  test("the store connects with it", async () => {
    const server = await startRedis({ requirepass: "right" });
    try {
      const fixture = join(import.meta.dirname, "../../fixtures/commit-to-server.ts");
      const output = await runWithout(["redis"], [fixture, "redis", server.url, "shop", "5"]);
      expect(output.trim().split("\n")).toEqual(["ready", "1", "2", "3", "4", "5"]);
      const store = redisStore({ url: server.url });
      expect((await store.load()).version).toBe(5);
      await store.close();
      const wrong = { url: server.url.replace("right", "the-secret") };
      const refusal = await runWithout(["redis"], printRefusal(STORE, "redisStore", wrong));
      expect(JSON.parse(refusal)).toMatchObject({ hint: expect.stringContaining("password") });
      expect(refusal).not.toContain("secret");
    } finally {
      await server.stop();
    }
  });
});
