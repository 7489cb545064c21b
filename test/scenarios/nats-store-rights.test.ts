import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { natsStore } from "../../src/stores/nats.ts";
import { change } from "../../src/testing/stores/session.ts";
import { blocksIn } from "../package/docs-pages.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NATS, NATS, type NatsServer, startNats } from "../support/servers/nats.ts";

const [rights = ""] = blocksIn("text")
  .filter(({ place }) => place.startsWith("docs/stores-nats.md"))
  .map(({ code }) => code);

requireService(
  "NATS",
  INSTALL_NATS,
  NATS !== null,
)("a NATS user with the documented permissions", () => {
  let server: NatsServer;
  const open = (user: string, bucket = "maintenance") =>
    natsStore({ servers: server.address, bucket, timeout: 1_000, connection: { user, pass: "PASSWORD" } });

  beforeAll(async () => {
    const keys = ["change.*", "site.*", "head"].map((key) => `"$KV.maintenance.*.${key}"`).join(", ");
    const stateOnly = rights.replace('"$KV.maintenance.>"', () => keys);
    const config = `authorization { users: [
      { user: admin, password: PASSWORD }
      { user: app, password: PASSWORD, ${rights} }
      { user: switcher, password: PASSWORD, ${stateOnly} }
    ] }`;
    server = await startNats({ config, connection: { user: "admin", pass: "PASSWORD" } });
  });
  afterAll(() => server?.stop());

  /** Returns the server's consumers for clients that read all records. */
  async function consumersOfSites(): Promise<readonly string[]> {
    const admin = await connect({ servers: server.address, user: "admin", pass: "PASSWORD" });
    const all = await (await jetstreamManager(admin)).consumers.list("KV_maintenance").next();
    await admin.close();
    return all.filter(({ config }) => config.filter_subject?.includes(".site.")).map(({ name }) => name);
  }

  test("can switch, follow, import and be examined", async () => {
    const store = open("app");
    const before = new AbortController();
    await store.watch?.(() => before.abort(), { signal: before.signal });
    const position = await change(store, { shop: { mode: "closed" } });
    expect(await store.changesSince(position)).toEqual([]);
    const history = await store.history({ limit: 10 });
    expect(history).toHaveLength(1);
    const ending = new AbortController();
    await store.watch?.(() => ending.abort(), { signal: ending.signal });
    const state = await store.load();
    await expect.poll(consumersOfSites).toEqual([]);
    expect(await store.importState({ ...state, lineage: "elsewhere", history }, state)).toMatchObject({ ok: true });
    expect((await open("admin").load()).lineage).toBe("elsewhere");
    const joined = await store.members?.join({ id: "web-1", text: "{}" });
    expect(await open("admin").members?.list()).toMatchObject({ list: joined?.list, rows: [{ id: "web-1" }] });
    await store.members?.leave("web-1", 1);
    expect((await store.members?.list())?.rows).toEqual([]);
    expect(await store.examine?.()).toContainEqual(expect.objectContaining({ level: "ok", subject: "persistence" }));
    await store.close();
  });

  test("that may not write the list of processes can still switch and follow", async () => {
    const store = open("switcher", "maintenance");
    await expect(store.members?.join({ id: "web-2", text: "{}" })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("docs/stores-nats.md"),
    });
    const position = await change(store, { blog: { mode: "closed" } });
    expect(await store.changesSince(position)).toEqual([]);
    expect((await store.members?.list())?.rows).toEqual([]);
    await store.close();
  });

  test("gets an error that names the missing right", async () => {
    const store = open("app", "another");
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("docs/stores-nats.md"),
    });
    await store.close();
  });
});
