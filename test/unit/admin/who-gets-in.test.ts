import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findAddress } from "../../../src/adapters/shared/find-address.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { type AdminUnderTest, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

async function restart(options: MaintenanceOptions): Promise<void> {
  await under.close();
  under = adminUnderTest({ ...SITES, ...options });
}

/** Simulates a request through a proxy at `peer` that `trustProxy` does not name. */
function passedOnBy(peer: string): void {
  findAddress(under.gate, { request: {}, peer, header: () => "203.0.113.7" });
}

describe("the rules that let requests into a site", () => {
  test("are those of the configuration, the site, the groups and *, each with its source", async () => {
    await restart({
      groups: ["db"],
      exempt: {
        addresses: [{ range: "10.0.0.0/8", description: "office" }],
        paths: ["/status", { pattern: "/hooks/*", description: "payments" }],
        healthPaths: ["/healthz"],
        methods: ["OPTIONS"],
        users: { staff: true },
        wellKnownPaths: [],
      },
    });
    await under.ask("POST sites/shop/exemptions", { paths: [{ pattern: "/help/*", description: "the help" }] });
    await under.ask("POST sites/db/exemptions", { addresses: ["192.0.2.9"] });
    await under.ask("POST sites/*/exemptions", { paths: ["/press"] });
    await under.ask("POST sites/blog/exemptions", { paths: ["/not-here"] });
    const { status, json } = await under.ask("GET sites/shop/exemptions");
    expect(status).toBe(200);
    expect(json.hidden).toBe(0);
    const rule = (kind: string, text: string, source: string, description = "") => {
      return { kind, rule: text, source, description };
    };
    expect(json.rules).toEqual([
      rule("surface", "/maintenance", "configuration", "operators"),
      rule("surface", "/maintenance/*", "configuration", "operators"),
      rule("address", "10.0.0.0/8", "configuration", "office"),
      rule("path", "/status", "configuration"),
      rule("path", "/hooks/*", "configuration", "payments"),
      rule("path", "/healthz", "configuration", "health probes"),
      rule("method", "OPTIONS", "configuration"),
      rule("user", "staff", "configuration"),
      rule("path", "/help/*", "shop", "the help"),
      rule("address", "192.0.2.9", "db"),
      rule("path", "/press", "*"),
    ]);
    await under.ask("POST close", { sites: ["shop"], lockdown: true });
    expect((await under.ask("GET sites/shop/exemptions")).json.rules).toMatchObject([
      { rule: "/maintenance" },
      { rule: "/maintenance/*" },
    ]);
    expect((await under.ask("GET sites/nope/exemptions")).status).toBe(404);
  });

  test("do not include an expired link", async () => {
    await under.ask("POST sites/shop/links", { label: "QA", expires: "2026-11-21T14:00:00Z" });
    const links = async () =>
      (await under.ask("GET sites/shop/exemptions")).json.rules.filter(({ kind }: { kind: string }) => kind === "link");
    expect(await links()).toMatchObject([{ rule: "QA" }]);
    await under.clock.advance(3 * 3_600_000);
    expect(await links()).toEqual([]);
  });
});

describe("an exemption that lets everyone in", () => {
  test.each([
    [{ addresses: ["0.0.0.0/0"] }, "'0.0.0.0/0' is every IPv4 address"],
    [{ addresses: ["::/0"] }, "'::/0' is every IPv6 address"],
    [{ paths: ["/*"] }, "The path '/*' matches every path"],
    [{ paths: ["re:."] }, "The path 're:.' matches every path"],
    [{ addresses: ["127.0.0.1"] }, "'127.0.0.1' is this machine itself, and 'trustProxy' is not set"],
  ])("is reported before it is added: %j", async (body, warning) => {
    const rehearsed = await under.ask("POST sites/shop/exemptions", { ...body, dryRun: true });
    expect(rehearsed.status).toBe(200);
    expect(rehearsed.json.warnings).toEqual([expect.stringContaining(warning)]);
    expect((await under.ask("GET sites/shop")).json).toMatchObject({ version: 0, warnings: [] });
    const closing = await under.ask("POST close", { sites: ["shop"], exempt: body, dryRun: true });
    expect(closing.json.warnings).toContainEqual(expect.stringContaining(warning));

    expect((await under.ask("POST sites/shop/exemptions", body)).json.warnings).toHaveLength(1);
    expect((await under.ask("GET sites/shop/exemptions")).json.warnings).toHaveLength(1);
  });

  test("is reported for an edit", async () => {
    const exemptions = { paths: [], addresses: [{ range: "0.0.0.0/0", description: "" }] };
    const body = { exemptions, dryRun: true };
    const { status, json } = await under.ask("PATCH sites/shop", body, { "if-match": '"0"' });
    expect(status).toBe(200);
    expect(json.warnings).toHaveLength(1);
    expect((await under.ask("GET sites/shop")).json.version).toBe(0);
  });

  test("the address of an unknown proxy lets in everyone behind it", async () => {
    passedOnBy("::ffff:10.0.0.2");
    const { json } = await under.ask("POST sites/shop/exemptions", { addresses: ["10.0.0.0/24"], dryRun: true });
    expect(json.warnings).toEqual([expect.stringContaining("every client behind that proxy counts as 10.0.0.2")]);
    const other = await under.ask("POST sites/shop/exemptions", { addresses: ["198.51.100.7"], dryRun: true });
    expect(other.json.warnings).toEqual([expect.stringContaining("no exempt address matches it")]);
  });

  test("is reported for the operator's own address", async () => {
    expect((await under.ask("GET session")).json.addressWarning).toBe(null);
    passedOnBy("192.0.2.1");
    expect((await under.ask("GET session")).json.addressWarning).toContain("lets all of them in");
  });
});

describe("explain", () => {
  test("says what would happen if an open site were closed", async () => {
    await under.ask("POST sites/shop/exemptions", { addresses: ["198.51.100.7"] });
    const ask = async (address: string) =>
      (await under.ask("POST explain", { url: "https://shop.example/", address })).json;
    expect(await ask("198.51.100.7")).toMatchObject({
      decision: { reason: "open" },
      ifClosed: { sentence: "Allowed: its address is exempt." },
    });
    expect(await ask("198.51.100.8")).toMatchObject({ ifClosed: { decision: { outcome: "block", site: "shop" } } });
    await under.ask("POST close", { sites: ["shop"] });
    expect(await ask("198.51.100.8")).toMatchObject({ decision: { outcome: "block" }, ifClosed: null });
  });

  test("uses the settings, the mode and the site of an assumed closure", async () => {
    const ask = async (assumed: object, url = "https://shop.example/cart") =>
      (await under.ask("POST explain", { url, method: "POST", if: assumed })).json.decision;
    expect(await ask({ mode: "closed" })).toMatchObject({ outcome: "block", site: "shop", mode: "closed" });
    expect(await ask({ mode: "read-only" })).toMatchObject({ outcome: "block", mode: "read-only" });
    expect(await ask({ mode: "closed", paths: ["/checkout/*"] })).toMatchObject({ reason: "out-of-scope" });
    expect(await ask({ mode: "closed", exempt: { paths: ["/cart"] } })).toMatchObject({ reason: "path", bypass: true });
    expect(await ask({ mode: "closed", site: "*" })).toMatchObject({ outcome: "block", site: "*" });
    expect(await ask({ mode: "closed" }, "/")).toMatchObject({ outcome: "block", site: "*" });
    expect((await under.ask("POST explain", { url: "/", if: { mode: "closed", site: "nope" } })).status).toBe(404);
    expect((await under.ask("GET sites/shop")).json).toMatchObject({ mode: "open", version: 0 });
  });

  test("says under an override that closing changes nothing", async () => {
    await restart({ override: "off" });
    const { json } = await under.ask("POST explain", { url: "/", if: { mode: "closed" } });
    expect(json).toMatchObject({ sentence: "Allowed: an override keeps everything open.", ifClosed: null });
  });

  test("says if the host belongs to no site, and always names the client's address", async () => {
    const ask = async (body: object) => (await under.ask("POST explain", body)).json;
    expect(await ask({ url: "https://other.example/" })).toMatchObject({
      site: null,
      address: { value: null, source: null, ignored: null },
      remarks: [
        "The host 'other.example' belongs to no site: the rules for everything apply (*).",
        "No address is given: no rule on addresses matches.",
      ],
    });
    const forwarded = { url: "https://shop.example/", headers: { "x-forwarded-for": "203.0.113.7" } };
    expect(await ask({ ...forwarded, address: "::FFFF:10.0.0.2" })).toMatchObject({
      site: "shop",
      address: { value: "10.0.0.2", source: "given", ignored: "x-forwarded-for" },
      remarks: ["The address is 10.0.0.2, as given.", expect.stringContaining("x-forwarded-for is ignored")],
    });
    await restart({ trustProxy: ["10.0.0.2"] });
    expect(await ask({ ...forwarded, address: "10.0.0.2" })).toMatchObject({
      address: { value: "203.0.113.7", source: "x-forwarded-for", ignored: null },
      remarks: ["The address is 203.0.113.7, from the header x-forwarded-for."],
    });
  });
});
