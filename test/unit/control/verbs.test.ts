import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Controller, type ControllerOptions, createController } from "../../../src/control/controller.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const SITES = { shop: { hosts: ["shop.example"] }, blog: {} };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "verbs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STORES: readonly (readonly [name: string, open: () => Store])[] = [
  ["memory", () => memoryStore()],
  ["file", () => fileStore({ path: join(folder, "state.json") })],
];

function controllerOver(store: Store = memoryStore(), own?: ControllerOptions): Controller {
  return createController({ store, sites: SITES, clock: createFakeClock(NOW) }, own);
}

async function recordOf(controller: Controller, site: string) {
  return (await controller.state()).records.get(site);
}

/** Calls a method as a JavaScript program does, without type checks. */
function call(controller: Controller, verb: "close" | "open" | "edit", ...given: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(controller[verb], controller, given);
}

describe.each(STORES)("with the store %s", (_name, open) => {
  test("close closes a site with the options, and open restores the settings", async () => {
    const controller = controllerOver(open(), { by: "deploy" });
    const exempt = { addresses: ["10.0.0.0/8"], paths: [{ pattern: "/health", description: "probe" }] };
    const { outcomes } = await controller.close("shop", { for: "2h", exempt, lockdown: true, reason: "migration 12" });
    expect(outcomes.map(({ site, effect }) => [site, effect])).toEqual([["shop", "closed"]]);
    expect(await recordOf(controller, "shop")).toMatchObject({
      mode: "closed",
      until: "2026-11-21T14:00:00Z",
      exemptions: {
        addresses: [{ range: "10.0.0.0/8", description: "" }],
        paths: [{ pattern: "/health", description: "probe" }],
      },
      lockdown: true,
      changed: { by: { kind: "program", label: "deploy" }, reason: "migration 12" },
    });
    await controller.open("shop", { reason: "done", by: { kind: "cli", label: "ada" } });
    expect(await recordOf(controller, "shop")).toMatchObject({
      mode: "open",
      exemptions: { addresses: [], paths: [] },
      lockdown: false,
      changed: { by: { kind: "cli", label: "ada" }, reason: "done" },
    });
    await controller.dispose();
  });

  test("edit changes permanent settings, and refuses an outdated version", async () => {
    const controller = controllerOver(open());
    await controller.edit("shop", { version: 0, paths: ["/checkout/*"], hosts: ["shop.example"] });
    expect(await recordOf(controller, "shop")).toMatchObject({ paths: ["/checkout/*"], version: 1 });
    await expect(controller.edit("shop", { version: 0, lockdown: true })).rejects.toMatchObject({
      code: "ERR_CONFLICT",
    });
  });

  test("the record after a change has the version and the author with which it is stored", async () => {
    const controller = controllerOver(open(), { by: "deploy" });
    await controller.close("blog");
    for (let change = 1; change <= 2; change += 1) {
      const { outcomes } = await controller.close("shop", { message: `${change}`, reason: "migration" });
      expect(outcomes[0]?.after).toEqual(await recordOf(controller, "shop"));
    }
    const { outcomes } = await controller.open("shop");
    const version = outcomes[0]?.after?.version ?? 0;
    await expect(controller.edit("shop", { version, title: "Soon" })).resolves.toMatchObject({
      outcomes: [{ effect: "updated", after: { version: version + 1 } }],
    });
  });

  test("exemptions are added and removed", async () => {
    const controller = controllerOver(open());
    await controller.exemptions.add("*", { addresses: ["10.0.0.0/8"], paths: ["/health"] });
    await controller.exemptions.remove("*", { paths: ["/health"] });
    expect((await recordOf(controller, "*"))?.exemptions).toEqual({
      addresses: [{ range: "10.0.0.0/8", description: "" }],
      paths: [],
    });
    await expect(controller.exemptions.add("shop", { paths: ["/x"], untilOpen: true })).rejects.toMatchObject({
      code: "ERR_INVALID_COMMAND",
      message: "'shop' is open: an exemption that ends when it opens needs a closed site.",
    });
  });

  test("links are created, listed without their secrets, and revoked", async () => {
    const controller = controllerOver(open(), { by: "deploy" });
    const { id, token, query } = await controller.links.create({
      site: "shop",
      label: "QA",
      expires: new Date(NOW + 1_000),
    });
    const all = await controller.links.create({ label: "everyone", expires: "2h" });
    expect(query).toBe(`maintenance-access=${token}`);
    const created = { at: "2026-11-21T12:00:00Z", by: { kind: "program", label: "deploy" } };
    const [qa, everyone] = [
      { site: "shop", id, label: "QA", expires: "2026-11-21T12:00:01Z", created },
      { site: "*", id: all.id, label: "everyone", expires: "2026-11-21T14:00:00Z", created },
    ];
    expect(await controller.links.list("shop")).toEqual([everyone, qa]);
    expect(await controller.links.list("blog")).toEqual([everyone]);
    expect(await controller.links.list()).toEqual(expect.arrayContaining([everyone, qa]));
    await controller.links.revoke(id, { site: "shop" });
    await expect(Reflect.apply(controller.links.revoke, null, [all.id])).rejects.toMatchObject({
      code: "ERR_INVALID_COMMAND",
      message: "controller.links.revoke: the option 'site' is missing.",
      hint: expect.stringContaining(`controller.links.revoke("${all.id}", { site: "*" })`),
    });
    await expect(controller.links.revoke(all.id, { site: "shop" })).rejects.toMatchObject({
      message: `'shop' has no link '${all.id}'.`,
    });
    await controller.links.revoke("*", { site: "*" });
    expect(await controller.links.list()).toEqual([]);
    await expect(controller.links.list("shpo")).rejects.toMatchObject({ code: "ERR_UNKNOWN_SITE" });
  });

  test("tokens are created, listed without their hashes, and revoked", async () => {
    const controller = controllerOver(open());
    const { id, token } = await controller.tokens.create({ name: "ci", may: ["view"], by: "setup" });
    const other = await controller.tokens.create({ name: "ops", may: ["view"], expires: "1d" });
    expect(token).toMatch(/^mm_/);
    const created = { at: "2026-11-21T12:00:00Z", by: { kind: "program", label: "setup" } };
    const [first, second] = await controller.tokens.list();
    expect(first).toEqual({ id, name: "ci", may: ["view"], sites: null, expires: null, created });
    expect(second).toMatchObject({ id: other.id, created: { by: { kind: "program", label: "program" } } });
    await controller.tokens.revoke([id]);
    expect((await controller.tokens.list()).map(({ name }) => name)).toEqual(["ops"]);
    await controller.tokens.revoke("*");
    expect(await controller.tokens.list()).toEqual([]);
  });

  test("sites are added and removed", async () => {
    const controller = controllerOver(open());
    await controller.sites.add("docs", { hosts: ["docs.example"] });
    await controller.sites.add("group");
    expect(await recordOf(controller, "docs")).toMatchObject({ hosts: ["docs.example"] });
    await expect(controller.sites.remove("docs", { version: 7 })).rejects.toMatchObject({ code: "ERR_CONFLICT" });
    await controller.sites.remove("docs");
    expect(await recordOf(controller, "docs")).toBeUndefined();
    await expect(controller.sites.remove("shop")).rejects.toMatchObject({ code: "ERR_SITE_CONFIGURED" });
  });

  test("several sites are closed and opened together: all of them or none", async () => {
    const controller = controllerOver(open());
    await expect(controller.close(["shop", "blgo"])).rejects.toMatchObject({ code: "ERR_UNKNOWN_SITE" });
    expect((await controller.state()).version).toBe(0);
    await controller.close(["shop", "blog"]);
    expect((await controller.history()).map(({ records }) => records.length)).toEqual([2]);
    await controller.open(["shop", "blog"]);
    const { records } = await controller.state();
    expect([...records.values()].map(({ mode }) => mode)).toEqual(["open", "open"]);
  });

  test("each method writes one entry of the history, with the name of its command", async () => {
    const controller = controllerOver(open());
    await controller.close("*", { mode: "read-only" });
    await controller.edit("shop", { version: 0, lockdown: true });
    const { id } = await controller.links.create({ label: "QA" });
    await controller.links.revoke([id], { site: "*" });
    await controller.exemptions.add("shop", { paths: ["/a"] });
    await controller.exemptions.remove("shop", { paths: ["/a"] });
    await controller.open("*");
    expect((await controller.history()).map(({ command }) => command).reverse()).toEqual(
      "close edit add-link revoke-links add-exemptions remove-exemptions open".split(" "),
    );
  });
});

describe("without a site", () => {
  test.each([[], [undefined], [null], [[]], [""], [{}], [{ sites: "*" }], [true], [7], [Promise.resolve("shop")]])(
    "close and open refuse %j, and change nothing",
    async (...given) => {
      const controller = controllerOver();
      for (const verb of ["close", "open"] as const) {
        const hint = `Name a site, or several in a list. For everything call controller.${verb}("*"); to release the store, controller.dispose().`;
        await expect(call(controller, verb, ...given)).rejects.toMatchObject({ code: "ERR_INVALID_COMMAND", hint });
      }
      expect((await controller.state()).version).toBe(0);
    },
  );

  test.each([[[undefined]], [["shop", undefined]], [[["shop"]]], [["shop", ""]]])(
    "they refuse a list that contains %j",
    async (sites) => {
      const controller = controllerOver();
      await expect(call(controller, "close", sites)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_INVALID_(COMMAND|SITE_ID)$/),
      });
      expect((await controller.state()).version).toBe(0);
    },
  );

  test("an option cannot replace the site or the command", async () => {
    const controller = controllerOver();
    for (const option of [{ sites: ["*"] }, { type: "open" }]) {
      await expect(call(controller, "close", "shop", option)).rejects.toMatchObject({
        code: "ERR_INVALID_COMMAND",
        message: `controller.close: '${Object.keys(option)[0]}' is no option.`,
      });
    }
    expect((await controller.state()).version).toBe(0);
  });

  test("exemptions, links and tokens need an explicit site or id", async () => {
    const controller = controllerOver();
    await controller.links.create({ label: "QA" });
    await controller.tokens.create({ name: "ci", may: ["view"] });
    const { exemptions, links, tokens } = controller;
    const calls = [
      [exemptions.add, undefined, { paths: ["/x"] }],
      [exemptions.remove, undefined, { paths: ["/x"] }],
      [links.revoke],
      [links.revoke, []],
      [tokens.revoke],
      [tokens.revoke, undefined],
    ] as const;
    for (const [verb, ...given] of calls) {
      await expect(Reflect.apply(verb, null, given)).rejects.toMatchObject({
        code: "ERR_INVALID_COMMAND",
        hint: expect.stringContaining('("*"'),
      });
    }
    expect([(await links.list()).length, (await tokens.list()).length]).toEqual([1, 1]);
  });
});

describe("the settings of texts and answers", () => {
  test("are given at the top level, and stored in two groups of the record", async () => {
    const controller = controllerOver();
    const texts = { title: "Moving", message: "Back at nine", moreUrl: "https://status.example/" };
    const answer = { statusCode: 500, retryAfter: 60, refresh: 30, redirect: "/down" };
    await controller.close("shop", { ...texts, ...answer });
    expect(await recordOf(controller, "shop")).toMatchObject({
      notice: { ...texts, translations: {} },
      response: answer,
      restore: { notice: { title: "", message: "", moreUrl: null }, response: { statusCode: null } },
    });
    await controller.open("shop");
    expect(await recordOf(controller, "shop")).toMatchObject({ notice: { title: "" }, response: { statusCode: null } });
  });

  test("are edited one by one, and a new text drops the translations of the old one", async () => {
    const controller = controllerOver();
    const translations = { de: { title: "", message: "Bald zurück" } };
    await controller.edit("shop", { version: 0, title: "Closed", message: "Back soon", translations });
    await controller.edit("shop", { version: 1, moreUrl: "https://status.example/", retryAfter: 60 });
    expect(await recordOf(controller, "shop")).toMatchObject({
      notice: { title: "Closed", message: "Back soon", translations, moreUrl: "https://status.example/" },
      response: { retryAfter: 60, statusCode: null },
    });
    await controller.edit("shop", { version: 2, message: "Back at nine" });
    expect((await recordOf(controller, "shop"))?.notice).toMatchObject({ title: "Closed", translations: {} });
  });
});

describe("an end", () => {
  test.each([
    [{ until: new Date(NOW + 60_000) }, "2026-11-21T12:01:00Z"],
    [{ until: "2026-11-21T13:01:00+01:00" }, "2026-11-21T12:01:00Z"],
    [{ until: "2h" }, "2026-11-21T14:00:00Z"],
    [{ for: "1h30m" }, "2026-11-21T13:30:00Z"],
    [{ until: null }, null],
  ])("of %j is stored as %j", async (options, until) => {
    const controller = controllerOver();
    await controller.close("shop", options);
    expect((await recordOf(controller, "shop"))?.until).toBe(until);
  });

  test.each([
    [new Date(NOW + 60_000), "2026-11-21T12:01:00Z"],
    ["2026-11-21T13:01:00+01:00", "2026-11-21T12:01:00Z"],
    ["2h", "2026-11-21T14:00:00Z"],
    [null, null],
  ])("of a link or a token, added by a command: %o", async (expires, expected) => {
    const controller = controllerOver();
    const secret = "0123456789012345678901234567890123456789012";
    const link = { id: "abcdefgh", label: "QA", hash: secret, key: secret, expires };
    const token = { id: "abcdefgh", name: "ci", hash: secret, may: ["view"], sites: null, expires } as const;
    await controller.execute({ type: "add-link", site: "shop", link }, "queue");
    await controller.execute({ type: "add-token", token }, "queue");
    expect(await controller.links.list()).toMatchObject([{ expires: expected }]);
    expect(await controller.tokens.list()).toMatchObject([{ expires: expected }]);
  });

  test.each([new Date(Number.NaN), "", "2 hours", new Date(NOW - 1)])(
    "%o ends no link and no token",
    async (expires) => {
      const { links, tokens } = controllerOver();
      const refused = { code: "ERR_INVALID_TIME" };
      await expect(links.create({ label: "QA", expires })).rejects.toMatchObject(refused);
      await expect(tokens.create({ name: "ci", may: ["view"], expires })).rejects.toMatchObject(refused);
    },
  );

  test("is refused as until and for together", async () => {
    const controller = controllerOver();
    await expect(controller.close("shop", { until: "2h", for: "2h" })).rejects.toMatchObject({
      code: "ERR_INVALID_COMMAND",
      message: "Both 'until' and 'for' are given.",
    });
    expect((await controller.state()).version).toBe(0);
  });

  test.each([{ until: "yesterday" }, { until: new Date(Number.NaN) }, { for: "2 fortnights" }, { until: "1h ago" }])(
    "is refused if it is invalid: %j",
    async (options) => {
      await expect(controllerOver().close("shop", options)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_INVALID_(TIME|COMMAND)$/),
      });
    },
  );
});

describe("the actor of a change", () => {
  test("is that of the controller, unless the call names one", async () => {
    const controller = controllerOver(memoryStore(), { by: { kind: "program", label: "deploy", from: "ci-7" } });
    await controller.close("shop");
    await controller.open("shop", { by: "night job" });
    await controller.execute({ type: "close", sites: ["shop"] }, "queue");
    expect((await controller.history()).map(({ by }) => by)).toEqual([
      { kind: "program", label: "queue" },
      { kind: "program", label: "night job" },
      { kind: "program", label: "deploy", from: "ci-7" },
    ]);
  });

  test.each(["", 7, {}, { kind: "robot", label: "x" }])("is checked when the controller is created: %j", (by) => {
    expect(() => controllerOver(memoryStore(), { by: by as never })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_COMMAND" }),
    );
  });

  test("the controller refuses an unknown option", () => {
    expect(() => controllerOver(memoryStore(), { as: "deploy" } as never)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION" }),
    );
  });
});
