import { redisStore } from "../../src/stores/redis.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, startRedis } from "../support/servers/redis.ts";
import { storeFaults } from "../support/servers/store-faults.ts";

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("the redis store over a real server", () => {
  storeFaults({
    kind: "redis",
    start: () => startRedis(),
    addressOf: ({ url }) => url,
    open: (url, timeout) => redisStore({ url, timeout }),
    wipe: async (server) => void (await server.command("FLUSHALL")),
  });
});
