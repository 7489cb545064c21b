import Keyv from "keyv";
import { expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { keyvStore } from "../../src/stores/keyv.ts";
import { runWithout } from "../support/servers/run-without.ts";

const source = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url));

test("a gate that starts over an unreadable state stays closed after its removal, until the next switch", async () => {
  const keyv = new Keyv();
  const store = keyvStore({ client: keyv });
  await keyv.set("maintenance.json", "nonsense");
  const options = { store, sites: { shop: { hosts: ["shop.example"] } }, logger: silentLogger };
  const gate = createGate({ ...options, startTimeout: 100 });
  await gate.ready();
  expect(gate.mode("shop")).toBe("closed");
  await keyv.clear();
  await gate.refresh();
  expect(gate.mode("shop")).toBe("closed");
  expect(gate.status()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
  expect(gate.status().error?.message).toContain("is empty, but was not before");
  const controller = createController(options);
  await controller.execute({ type: "open", sites: ["shop"] }, { kind: "program", label: "test" });
  await controller.execute({ type: "close", sites: ["*"] }, { kind: "program", label: "test" });
  await controller.execute({ type: "open", sites: ["*"] }, { kind: "program", label: "test" });
  await gate.refresh();
  expect(gate.mode("shop")).toBe("open");
  expect(gate.status()).toMatchObject({ error: null });
  await gate.close();
});

/** Starts a gate without re2js over a site whose closed paths are a regular expression, and returns its status. */
async function startWithoutRe2(record: object, options: object): Promise<unknown> {
  const program = `
    import { createGate } from ${source("gate.ts")};
    import { memoryStore } from ${source("stores/memory.ts")};
    const store = memoryStore();
    const after = ${JSON.stringify(JSON.stringify(record))};
    const by = { kind: "program", label: "test" };
    const at = "2026-11-29T12:00:00Z";
    await store.commit({ lineage: "", command: "close", records: [{ id: "*", seen: 0, before: null, after }], at, by, reason: "" });
    const log = [];
    const note = (message) => void log.push(message);
    const logger = { debug: () => {}, info: note, warn: note, error: note };
    const gate = createGate({ store, logger, startTimeout: 100, ...${JSON.stringify(options)} });
    const { state, error } = await gate.ready();
    process.stdout.write(JSON.stringify({ mode: gate.mode(), state, code: error?.code ?? null, log }));
    await gate.close();`;
  return JSON.parse(await runWithout(["re2js"], ["--conditions=source", "--input-type=module", "--eval", program]));
}

test("a stored regular expression that cannot be compiled closes the site, and the store does not count as unreachable", async () => {
  expect(await startWithoutRe2({ mode: "closed", paths: ["re:^/a"] }, {})).toMatchObject({
    mode: "closed",
    state: "stale",
    code: "ERR_STATE_UNREADABLE",
    log: expect.arrayContaining([expect.stringContaining("contains regular expressions")]),
  });
});

test("a configured regular expression that cannot be compiled does not stop the gate from following its store", async () => {
  expect(await startWithoutRe2({ mode: "closed" }, { exempt: { paths: ["re:^/health$"] } })).toMatchObject({
    mode: "closed",
    code: null,
    log: expect.arrayContaining([expect.stringContaining("The regular expressions of the configuration are ignored")]),
  });
});
