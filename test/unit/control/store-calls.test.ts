import { beforeEach, expect, test } from "vitest";
import { normalizeOptions } from "../../../src/config/normalize-options.ts";
import { type Controller, controllerFor, createController } from "../../../src/control/controller.ts";
import { countedStore } from "../../support/counted-store.ts";

const SHOP = "load * payments shop";
const EVERYTHING = "load * payments";

let calls: string[];
let controller: Controller;

beforeEach(async () => {
  const counted = countedStore();
  calls = counted.calls;
  const sites = { shop: { hosts: ["shop.example"] } };
  controller = createController({ store: counted.store, sites, groups: ["payments"] });
  await controller.exemptions.add("shop", { addresses: ["203.0.113.7"] });
  await controller.links.create({ site: "shop", label: "QA" });
  await controller.tokens.create({ name: "ci", may: ["view"] });
  await controller.sites.add("orders-db");
  calls.length = 0;
});

test.each<[verb: string, expected: readonly string[], call: () => Promise<unknown>]>([
  ["close", [SHOP, "commit"], () => controller.close("shop", { message: "Back at nine" })],
  ["close everything", [EVERYTHING, "commit"], () => controller.close("*")],
  ["open", [SHOP], () => controller.open("shop")],
  ["edit", [SHOP, "commit"], () => controller.edit("shop", { version: 2, message: "Back at nine" })],
  ["edit hosts", ["load", "commit"], () => controller.edit("shop", { version: 2, hosts: ["www.shop.example"] })],
  ["exemptions.add", [SHOP, "commit"], () => controller.exemptions.add("shop", { paths: ["/healthz"] })],
  ["exemptions.remove", [SHOP, "commit"], () => controller.exemptions.remove("shop", { addresses: ["203.0.113.7"] })],
  ["links.create", [SHOP, "commit"], () => controller.links.create({ site: "shop", label: "QA" })],
  ["links.revoke", [SHOP, "commit"], () => controller.links.revoke("*", { site: "shop" })],
  ["links.list", [SHOP], () => controller.links.list("shop")],
  ["tokens.create", [SHOP, "commit"], () => controller.tokens.create({ name: "b", may: ["view"], sites: ["shop"] })],
  ["tokens.revoke", [EVERYTHING, "commit"], () => controller.tokens.revoke("*")],
  ["tokens.list", [EVERYTHING], () => controller.tokens.list()],
  ["sites.add", ["load * payments queue", "commit"], () => controller.sites.add("queue")],
  ["sites.remove", ["load * orders-db payments", "commit"], () => controller.sites.remove("orders-db")],
])("%s reads once, and commits what it changes once", async (_verb, expected, call) => {
  await call();
  expect(calls).toEqual(expected);
});

test("a command returns the records that apply to every site, without secrets", async () => {
  await controller.close("payments", { reason: "failover" });
  const { outcomes, forAll } = await controller.close("shop");
  expect(outcomes.map(({ site, effect }) => [site, effect])).toEqual([["shop", "closed"]]);
  expect(forAll.map(({ id, mode }) => [id, mode])).toEqual([
    ["payments", "closed"],
    ["*", "open"],
  ]);
  const { hash } = (await controller.state()).records.get("*")?.access.tokens[0] ?? {};
  expect(hash).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(forAll)).not.toContain(hash);
});

test("a proposal is committed without another read, unless another change came first", async () => {
  const { store, calls } = countedStore();
  const proposing = controllerFor(normalizeOptions({ store, sites: { shop: {}, blog: {} } }, {}));
  const command = { type: "close", sites: ["shop"] } as const;
  const proposal = await proposing.propose(command, "deploy");
  expect([proposal.outcomes[0]?.effect, calls]).toEqual(["closed", ["load * shop"]]);
  expect((await proposal.commit()).position.version).toBe(1);
  expect(calls).toEqual(["load * shop", "commit"]);

  const late = await proposing.propose({ ...command, message: "Back at nine" }, "deploy");
  await proposing.open("shop");
  calls.length = 0;
  expect((await late.commit()).outcomes[0]).toMatchObject({ effect: "closed", before: { mode: "open" } });
  expect(calls).toEqual(["commit", "load * shop", "commit"]);
});
