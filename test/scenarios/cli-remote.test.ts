import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { createController } from "../../src/control/controller.ts";
import { fileStore } from "../../src/stores/file.ts";
import { type CliProject, type CliResult, createCliProject } from "./cli-project.ts";
import { NEW_TOKEN, type RemoteAdmin, remoteAdmin } from "./remote-admin.ts";

const OPTIONS: MaintenanceOptions = {
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example", "*.blog.example"] } },
  groups: ["payments-db"],
  // What the admin lets pass of itself.
  operatorPaths: ["/maintenance", "/maintenance/*"],
  exempt: { paths: ["/healthz"], healthPaths: ["/up"], methods: ["OPTIONS"], users: { staff: true } },
  statusCode: 504,
};

let admin: RemoteAdmin;
let token: string;
/** With a configuration, and the store beside it. */
let here: CliProject;
/** With nothing at all. */
let elsewhere: CliProject;
const printed: string[] = [];

beforeAll(async () => {
  admin = await remoteAdmin(OPTIONS);
  token = await admin.createToken();
  here = createCliProject({ "maintenance.config.json": JSON.stringify(OPTIONS) });
  elsewhere = createCliProject({});
  const store = fileStore({ path: here.stateFile });
  await createController({ store }).createToken(NEW_TOKEN, { kind: "program", label: "setup" });
  await store.close();
});

afterAll(async () => {
  await admin.close();
  here.remove();
  elsewhere.remove();
});

async function remote(line: readonly string[], environment: Record<string, string> = {}): Promise<CliResult> {
  const result = await elsewhere.runWith({ MAINTENANCE_TOKEN: token, MAINTENANCE_URL: admin.url, ...environment }, ...line);
  printed.push(result.stdout, result.stderr);
  return result;
}

/** Without what two stores never have in common: when, by which way and where. */
function comparable({ code, stdout, stderr }: CliResult): object {
  const common = (text: string): string =>
    text
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\dZ)?/g, "TIME")
      .replace(/\w+day \d+ \w+ \d{4}, \d\d:\d\d/g, "TIME")
      .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}/g, "LINEAGE")
      .replace(/file \S+state\.json/g, "STORE")
      .replace(/^ *(?:"url": |Admin: ).*\n/gm, "")
      .replace(/"kind": "(?:cli|admin)"/g, '"kind": "KIND"')
      .replace(/\((?:cli|admin)(, from \S+?)?\)/g, "(KIND)")
      .replaceAll(`"from": "${hostname()}"`, '"from": "PLACE"')
      .replaceAll('"from": "127.0.0.1"', '"from": "PLACE"')
      .replace(/maintenance-access=[\w-]{43}/g, "maintenance-access=TOKEN")
      .replace(/mm_[\w-]{43}/g, "mm_TOKEN")
      .replace(/(?<=revoke |"id": "|^)[\w-]{8}(?="|$| +(?:shop|\S+ +view))/gm, "ID");
  return { code, stdout: common(stdout), stderr: common(stderr) };
}

/** The same on both: `LINK` and `TOKEN_ID` are what each of them made last. */
async function both(...line: string[]): Promise<CliResult> {
  const [direct, through] = await Promise.all([here.run(...line), remote(line)]);
  expect(comparable(through)).toEqual(comparable(direct));
  return through;
}

describe("with --url every command says what it says of a store", () => {
  test("closing and opening, in words and for programs", async () => {
    expect((await both("status")).code).toBe(0);
    await both("on", "shop", "--message", "Back at nine", "--until", "2030-01-01 10:00", "--reason", "move", "--dry-run");
    expect((await both("status", "shop")).code).toBe(0);
    await both("on", "shop", "--message", "Back at nine", "--until", "2030-01-01 10:00", "--allow-ip", "10.0.0.0/8");
    await both("on", "shop", "--lockdown", "--reason", "again", "--json");
    expect((await both("status")).code).toBe(2);
    await both("status", "shop", "--json");
    await both("on", "payments-db", "--read-only", "--only", "/checkout/*");
    await both("on");
    await both("off", "shop", "--json");
    await both("off");
    await both("off", "payments-db", "--dry-run");
    await both("off", "payments-db");
    await both("off", "blog", "nobody", "--ignore-missing");
  });

  test("sites, exemptions and their history", async () => {
    await both("sites", "add", "docs", "--host", "docs.example", "--reason", "new");
    await both("sites", "list");
    await both("sites", "show", "docs", "--json");
    await both("exempt", "add", "--site", "docs", "--path", "/hooks/*", "--ip", "192.0.2.0/24", "--description", "partner");
    await both("exempt", "list");
    await both("exempt", "list", "--site", "docs", "--json");
    await both("exempt", "remove", "--site", "docs", "--path", "/hooks/*");
    await both("sites", "remove", "docs");
    await both("history", "--limit", "7");
    await both("history", "--site", "shop", "--json");
    await both("history", "--before", "4");
  });

  test("links and tokens, each shown once", async () => {
    await both("on", "shop");
    const made = await both("link", "create", "--label", "QA", "--site", "shop");
    expect(made.stdout).toMatch(/https:\/\/shop\.example\/\?maintenance-access=[\w-]{43}\n/);
    await both("link", "list", "shop");
    await both("link", "revoke", "--all", "--site", "shop");
    await both("link", "list");
    await both("token", "create", "--name", "ci", "--may", "view", "--site", "shop");
    await both("token", "list");
  });

  test("what becomes of a request, and what a visitor sees", async () => {
    await both("explain", "https://shop.example/cart");
    await both("explain", "https://shop.example/", "--ip", "10.0.0.42", "--header", "Accept: application/json", "--json");
    await both("explain", "https://shop.example/maintenance/");
    await both("explain", "https://shop.example/", "--user", "staff");
    await both("preview", "shop", "--message", "Soon", "--lang", "de", "--json");
    await both("preview", "--title", "Moving", "--more", "https://status.example", "--until", "2030-01-01 10:00");
  });

  test.each([
    ["on", "shp"],
    ["on", "--redirect", "//evil.example"],
    ["on", "--until", "2020-01-01 10:00"],
    ["sites", "show", "shp"],
    ["sites", "add", "x", "--host", "shop.example"],
    ["sites", "remove", "shop"],
    ["exempt", "remove", "--ip", "10.0.0.1"],
    ["link", "revoke", "nothere_"],
    ["explain", "shop.example"],
    ["preview", "shp"],
    ["history", "--limit", "0"],
  ])("a mistake is told with the same words: %s %s %s", async (...line) => {
    expect((await both(...line.filter(Boolean))).code).toBe(1);
    await both(...line.filter(Boolean), "--json");
  });

  test("status names the server's store and the address", async () => {
    const { stdout } = await remote(["status"]);
    expect(stdout).toContain(`Store: file ${admin.stateFile}, version `);
    expect(stdout).toContain(`\nAdmin: ${admin.url}\n`);
  });

  test("the history shows whom the token names, and from where", async () => {
    await remote(["on", "blog", "--reason", "by token"]);
    const [change] = await admin.controller.history({ limit: 1 });
    expect(change).toMatchObject({ by: { kind: "admin", label: NEW_TOKEN.name, from: "127.0.0.1" }, reason: "by token" });
  });
});

describe("the environment of the shell", () => {
  test("has no say in what counts on the server", async () => {
    const { stdout, code } = await remote(["status", "--json"], { MAINTENANCE_MODE: "on", NODE_ENV: "test" });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ override: null, url: admin.url });
    expect((await remote(["off", "blog"], { MAINTENANCE_MODE: "on" })).code).toBe(0);
  });

  test("gives way to --url, and to a configuration that is named", async () => {
    const unset = { MAINTENANCE_URL: "http://localhost:1/" };
    expect((await remote(["sites", "list", "--url", admin.url.slice(0, -1)], unset)).code).toBe(0);
    const file = here.put("maintenance.config.json", JSON.stringify(OPTIONS));
    expect((await remote(["sites", "list", "--config", file], unset)).code).toBe(0);
  });
});

test("what would let somebody in is in no answer, and the token in no output", () => {
  const stored = readFileSync(admin.stateFile, "utf8").replaceAll("\\", "");
  const secrets = [...stored.matchAll(/"(?:hash|key|sessionKey)":"([\w-]{43})"/g)].map(([, secret = ""]) => secret);
  expect(secrets.length).toBeGreaterThan(2);
  const told = [...admin.sent, ...printed].join("\n");
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  expect(told.includes(token)).toBe(false);
});
