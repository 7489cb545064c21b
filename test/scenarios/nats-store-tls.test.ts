import { afterAll, beforeAll, expect, test } from "vitest";
import { natsStore } from "../../src/stores/nats.ts";
import { change } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { type Certificate, makeCertificate, OPENSSL } from "../support/servers/certificate.ts";
import { INSTALL_NATS, NATS, type NatsServer, startNats } from "../support/servers/nats.ts";

const suite = requireService("NATS or openssl", `${INSTALL_NATS} openssl`, NATS !== null && OPENSSL !== null);

suite("NATS over TLS", () => {
  let server: NatsServer;
  let certificate: Certificate;

  beforeAll(async () => {
    certificate = await makeCertificate();
    const { keyFile, certificateFile, ca } = certificate;
    const config = `tls { cert_file: "${certificateFile}", key_file: "${keyFile}" }`;
    server = await startNats({ config, connection: { tls: { ca } } });
  });
  afterAll(async () => {
    await server?.stop();
    await certificate?.remove();
  });

  test("the authority that the user passes is used", async () => {
    const store = natsStore({ servers: server.address, connection: { tls: { ca: certificate.ca } } });
    await change(store, { shop: { mode: "closed" } });
    await store.close();
  });

  test("an unknown authority is refused, with what to pass", async () => {
    const store = natsStore({ servers: server.address, connection: { tls: {} } });
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("tls"),
    });
    await store.close();
  });
});
