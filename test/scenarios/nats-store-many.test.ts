import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { natsStore } from "../../src/stores/nats.ts";
import type { StateContent, Store } from "../../src/stores/store.ts";
import { createTcpProxy, type TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { soon } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NATS, NATS, type NatsServer, startNats } from "../support/servers/nats.ts";

/** Too many to be in transit at once: 40 MB. */
const SITES = 10_000;
const TEXT = JSON.stringify({ message: "x".repeat(4_000) });
const STATE: StateContent = {
  lineage: "elsewhere",
  version: 1,
  records: Array.from({ length: SITES }, (_, index) => ({ id: `site-${index}`, version: 1, text: TEXT })),
  history: [],
};
const UNAVAILABLE = { code: "ERR_STORE_UNAVAILABLE" };

requireService(
  "NATS",
  INSTALL_NATS,
  NATS !== null,
)("the nats store, when many sites have a record", () => {
  let server: NatsServer;
  let proxy: TcpProxy;
  let client: NatsConnection;
  let store: Store;

  beforeAll(async () => {
    server = await startNats();
    proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: server.port } });
    const writer = natsStore({ servers: server.address, timeout: 60_000 });
    await writer.importState(STATE, await writer.load());
    await writer.close();
  }, 60_000);
  beforeEach(async () => {
    client = await connect({ servers: `127.0.0.1:${proxy.port}`, reconnect: false });
    store = natsStore({ client, timeout: 2_000 });
  });
  afterEach(async () => {
    await proxy.resume();
    await store.close();
    await client.close();
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
  });

  /** Resolves when a part of the records has arrived, 1 MB of 40. */
  async function inTheMiddle(): Promise<void> {
    const before = client.stats().inBytes;
    const poll = { interval: 1, timeout: 10_000 };
    await expect.poll(() => client.stats().inBytes - before, poll).toBeGreaterThan(1_000_000);
  }

  /** Returns the consumers on the server. If a connection is lost, its consumers remain there for minutes. */
  async function consumers(): Promise<readonly string[]> {
    const { consumers } = await jetstreamManager(client);
    return (await consumers.list("KV_maintenance").next()).map(({ name }) => name);
  }

  test("all are read in a few requests, and nothing is left on the server", async () => {
    const others = await consumers();
    const before = client.stats().outMsgs;
    expect((await store.load()).records).toHaveLength(SITES);
    expect(client.stats().outMsgs - before).toBeLessThan(100);
    await expect.poll(consumers).toEqual(others);
  });

  test("a few are read one by one", async () => {
    const ids = ["site-1", "site-77", "no-such"];
    const { records } = await store.load({ sites: ids });
    expect(records.map(({ id }) => id)).toEqual(["site-1", "site-77"]);
  });

  test("a connection that stops answering causes an error in time", async () => {
    const loading = expect(store.load()).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining("2 s"),
    });
    await inTheMiddle();
    proxy.pause();
    await soon(loading, "the end of the load");
  });

  test("a lost connection causes an error at once", async () => {
    const patient = natsStore({ client, timeout: 60_000 });
    const loading = expect(patient.load()).rejects.toMatchObject(UNAVAILABLE);
    await inTheMiddle();
    proxy.cut();
    await soon(loading, "the end of the load");
    await patient.close();
  });

  test("a load that was aborted ends at once", async () => {
    const others = await consumers();
    const giveUp = new AbortController();
    const loading = expect(store.load({ signal: giveUp.signal })).rejects.toThrow("no longer wanted");
    await inTheMiddle();
    giveUp.abort(new Error("no longer wanted"));
    await loading;
    await expect.poll(consumers).toEqual(others);
  });

  test("an import in the middle is read instead, without waiting for removed records", async () => {
    const loading = store.load();
    await inTheMiddle();
    const other = natsStore({ servers: server.address });
    const over = await other.load({ sites: [] });
    await other.importState({ ...STATE, version: 2, records: STATE.records.slice(0, 3) }, over);
    const { version, records } = await loading;
    expect(records).toHaveLength(version === 1 ? SITES : 3);
    await other.close();
  });
});
