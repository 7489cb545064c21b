import { afterAll, beforeAll, expect, test } from "vitest";
import { redisStore } from "../../src/stores/redis.ts";
import { change } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { type Certificate, makeCertificate, OPENSSL } from "../support/servers/certificate.ts";
import { freePort } from "../support/servers/free-port.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

const suite = requireService("Redis or openssl", `${INSTALL_REDIS} openssl`, REDIS !== null && OPENSSL !== null);

suite("Redis over TLS", () => {
  let server: RedisServer;
  let certificate: Certificate;
  let url: string;

  beforeAll(async () => {
    certificate = await makeCertificate();
    const { keyFile, certificateFile } = certificate;
    const port = String(await freePort());
    server = await startRedis({
      "tls-key-file": keyFile,
      "tls-cert-file": certificateFile,
      "tls-ca-cert-file": certificateFile,
      "tls-auth-clients": "no",
      "tls-port": port,
    });
    url = `rediss://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await server?.stop();
    await certificate?.remove();
  });

  test("the authority that the user passes is used", async () => {
    const store = redisStore({ url, connection: { socket: { ca: certificate.ca } } });
    await change(store, { shop: { mode: "closed" } });
    const ending = new AbortController();
    await store.watch?.(() => ending.abort(), { signal: ending.signal });
    await store.close();
  });

  test("an unknown authority is refused, with what to pass", async () => {
    const store = redisStore({ url });
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("socket: { ca }"),
    });
    await store.close();
  });
});
