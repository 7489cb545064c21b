import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeAdmin } from "../../../src/adapters/node.ts";
import { createAdminClient } from "../../../src/admin/remote/admin-client.ts";
import { remoteController, stateOf } from "../../../src/admin/remote/controller.ts";
import { systemClock } from "../../../src/clock.ts";
import type { BaseController } from "../../../src/control/controller.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { serve } from "../../support/serve.ts";
import { type AdminUnderTest, adminUnderTest } from "../admin/admin-under-test.ts";

const BY = { kind: "cli", label: "ada" } as const;

let under: AdminUnderTest;
let served: ServedApp;
let remote: BaseController;

beforeEach(async () => {
  under = adminUnderTest();
  const listener = nodeAdmin(under.admin);
  served = await serve(
    createServer((request, response) => {
      // Names the actor, as the token would.
      request.rawHeaders.push("x-user", "root");
      listener(request, response);
    }),
  );
  remote = remoteController(createAdminClient({ url: `${served.url}/maintenance`, token: "mm_x", clock: systemClock }));
});

afterEach(async () => {
  await served.close();
  await under.close();
});

describe("a controller over the API", () => {
  test("does the same as one over the store, and returns the same", async () => {
    const command = { type: "close", sites: ["shop"], message: "Back at nine" } as const;
    // The server takes the actor from the token.
    const rehearsal = await under.controller.rehearse(command, { kind: "admin", label: "root", from: "127.0.0.1" });
    expect(await remote.rehearse(command, BY)).toEqual(rehearsal);
    expect((await remote.execute(command, BY)).outcomes).toEqual(rehearsal.outcomes);
    expect(await remote.state()).toEqual(await under.controller.state());
    const again = await remote.execute(command, BY);
    expect(again.outcomes[0]).toMatchObject({ effect: "unchanged", before: { version: 1 }, after: { version: 1 } });
    expect(await remote.history()).toEqual(await under.controller.history());
  });

  test("refuses a change of a record that has changed since", async () => {
    const edit = { type: "edit", site: "shop", version: 3, lockdown: true } as const;
    await expect(remote.execute(edit, BY)).rejects.toMatchObject({
      code: "ERR_CONFLICT",
      message: "'shop' is at version 0, and the change was made on version 3.",
    });
  });

  test("creates links and tokens, whose secrets are only in the result", async () => {
    const link = await remote.links.create({ site: "shop", label: "QA", by: BY });
    expect(link).toMatchObject({ query: `maintenance-access=${link.token}`, position: { version: 1 } });
    expect(link.outcomes).toMatchObject([{ site: "shop", effect: "updated", before: null }]);
    expect(link.outcomes[0]?.after?.links).toMatchObject([{ id: link.id, label: "QA" }]);
    expect(link.outcomes[0]?.after?.links[0]?.hash).not.toBe(
      (await under.controller.state()).records.get("shop")?.links[0]?.hash,
    );
    const token = await remote.tokens.create({ name: "ci", may: ["view"], by: BY });
    expect(token.token).toMatch(/^mm_/);
    expect(token.outcomes[0]?.after?.access.tokens).toMatchObject([{ id: token.id, name: "ci" }]);
  });

  test("sends the expiry of a link and a token as it is given, and no invalid one", async () => {
    const link = await remote.links.create({ label: "QA", expires: "2h" });
    expect(link.outcomes[0]?.after?.links).toMatchObject([{ expires: "2026-11-21T14:00:00Z" }]);
    const expires = new Date("2026-11-21T13:00:00Z");
    const token = await remote.tokens.create({ name: "ci", may: ["view"], expires });
    expect(token.outcomes[0]?.after?.access.tokens).toMatchObject([{ expires: "2026-11-21T13:00:00Z" }]);
    const invalid = { label: "QA", expires: new Date(Number.NaN) };
    await expect(remote.links.create(invalid)).rejects.toMatchObject({ code: "ERR_INVALID_TIME" });
  });

  test("reads the whole requested history", async () => {
    for (let change = 1; change <= 5; change += 1) {
      await under.controller.execute({ type: change % 2 === 1 ? "close" : "open", sites: ["shop"] }, BY);
    }
    const versions = async (query: object) => (await remote.history(query)).map(({ version }) => version);
    expect(await versions({})).toEqual([5, 4, 3, 2, 1]);
    expect(await versions({ limit: 2 })).toEqual([5, 4]);
    expect(await versions({ limit: 2, before: 3 })).toEqual([2, 1]);
    expect(await versions({ site: "blog" })).toEqual([]);
  });

  test("names records that the server cannot read", () => {
    const configuration = {} as Parameters<typeof stateOf>[0]["configuration"];
    const state = stateOf({
      lineage: "a",
      version: 1,
      store: "",
      separateRecords: true,
      records: [],
      unreadable: ["shop"],
      configuration,
    });
    expect(state.unreadable.get("shop")).toMatchObject({ code: "ERR_STATE_UNREADABLE" });
  });
});

test("has a read-only store with the server's name", async () => {
  await under.controller.execute({ type: "close", sites: ["shop"] }, BY);
  const store = await remote.store();
  expect(store.name).toBe(under.store.name);
  const { lineage, version, records } = await store.load({ sites: ["shop"] });
  expect(records).toEqual([{ id: "shop", version: 1, text: expect.stringContaining('"mode":"closed"') }]);
  expect(await store.changesSince({ lineage, version })).toEqual([]);
  expect(await store.changesSince({ lineage, version: 0 })).toBe("reload");
  expect(await store.changesSince({ lineage: "another", version })).toBe("reload");
  const draft = { lineage, command: "close", records: [], at: "2026-01-01T00:00:00Z", by: BY, reason: "" };
  for (const written of [
    store.commit(draft),
    store.importState({ lineage, version, records, history: [] }, { lineage, version }),
  ]) {
    await expect(written).rejects.toMatchObject({
      code: "ERR_INVALID_COMMAND",
      hint: expect.stringContaining("--url"),
    });
  }
  expect((await under.controller.state()).version).toBe(1);
});
