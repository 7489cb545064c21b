import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminUnderTest, type Answer, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

async function send(command: object, who = "root", dryRun?: boolean): Promise<Answer> {
  return await under.ask("POST commands", { command, ...(dryRun === undefined ? {} : { dryRun }) }, { "x-user": who });
}

test("runs a command, follows it at once, and returns the values before and after", async () => {
  const { status, json } = await send({ type: "close", sites: ["shop"], message: "Back at nine" });
  expect(status).toBe(200);
  expect(under.passes({ host: "shop.example" })).toBe(false);
  const { lineage, version } = await under.controller.state();
  expect(json.position).toEqual({ lineage, version });
  expect(json.outcomes).toEqual([
    {
      site: "shop",
      effect: "closed",
      before: null,
      after: { version: 1, text: expect.stringContaining("Back at nine") },
    },
  ]);
  const [change] = await under.controller.history({ limit: 1 });
  expect(change?.by).toEqual({ kind: "admin", label: "root", from: "192.0.2.1" });
});

test("a dry run returns the same, and writes nothing", async () => {
  const { json } = await send({ type: "close", sites: ["shop"] }, "root", true);
  expect(json).toMatchObject({ outcomes: [{ effect: "closed" }], position: { version: 0 } });
  expect(under.passes({ host: "shop.example" })).toBe(true);
  expect((await under.controller.state()).version).toBe(0);
});

test("a command without sites means all sites, and needs the right on all", async () => {
  under.access.add("shopkeeper", ["view", "switch"], ["shop"]);
  expect((await send({ type: "close" }, "shopkeeper")).json).toMatchObject({
    status: 403,
    detail: "'shopkeeper' does not have the right 'switch' on everything (*).",
  });
  expect((await send({ type: "close", sites: ["shop", "blog"] }, "shopkeeper")).status).toBe(403);
  expect((await send({ type: "close", sites: ["shop", "nowhere"], ignoreMissing: true }, "shopkeeper")).status).toBe(
    403,
  );
  expect((await send({ type: "add-exemptions", site: "shop", paths: ["/x"] }, "shopkeeper")).status).toBe(403);
  expect((await send({ type: "remove-site", site: "shop" }, "shopkeeper", true)).status).toBe(403);
  expect((await under.controller.state()).version).toBe(0);
  expect((await send({ type: "close", sites: ["shop"] }, "shopkeeper")).status).toBe(200);
});

test.each(["add-link", "add-token", "begin-sessions", "nonsense", undefined])(
  "%s is refused here, because the server itself creates the secret in it",
  async (type) => {
    const { status, json } = await send({ type, key: "k".repeat(43) });
    expect(status).toBe(422);
    expect(json.errors[0].pointer).toBe("/command/type");
  },
);

test("an invalid command is refused with its own code and hint", async () => {
  const misspelt = await send({ type: "close", sites: ["shp"] });
  expect(misspelt.json).toMatchObject({
    status: 422,
    code: "ERR_UNKNOWN_SITE",
    hint: "Did you mean 'shop'?",
    errors: [{ pointer: "/command", message: "There is no site 'shp'." }],
  });
  expect((await send({ type: "close", site: ["shop"] })).json).toMatchObject({
    status: 422,
    code: "ERR_INVALID_COMMAND",
  });
  const edit = { type: "edit", site: "shop", version: 7, lockdown: true };
  expect((await send(edit)).json).toMatchObject({ status: 409, code: "ERR_CONFLICT" });
  await under.close();
  under = adminUnderTest({ ...SITES, override: "off" });
  expect((await send({ type: "close" })).json).toMatchObject({ status: 409, code: "ERR_OVERRIDDEN" });
});

test("an outcome has no secret, and a caller who may not view the site gets what visitors see", async () => {
  await under.ask("POST sites/shop/links", { label: "QA" });
  await under.ask("POST tokens", { name: "ci", may: ["view"] });
  const records = (await under.controller.state()).records;
  const secrets = [...records.values()].flatMap(({ links, access }) => [
    ...links.flatMap(({ hash, key }) => [hash, key]),
    ...access.tokens.map(({ hash }) => hash),
  ]);
  expect(secrets).toHaveLength(3);
  const { text } = await send({ type: "close", sites: ["*", "shop"] });
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).toContain("ci");

  under.access.add("viewer", ["view", "switch"]);
  expect((await send({ type: "open" }, "viewer")).text).not.toContain("ci");
  under.access.add("blind", ["switch"]);
  const blind = await send({ type: "close", sites: ["shop"], exempt: { addresses: ["10.0.0.1"] } }, "blind");
  expect(blind.status).toBe(200);
  expect(blind.text).not.toMatch(/QA|10\.0\.0\.1/);
});
