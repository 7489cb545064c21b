import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { type CliSides, cliSides, comparable, type Told } from "./cli-sides.ts";

const OPTIONS: MaintenanceOptions = {
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example", "*.blog.example"] } },
  groups: ["payments-db"],
  // The paths of the admin itself.
  operatorPaths: ["/maintenance", "/maintenance/*"],
  exempt: {
    paths: ["/healthz", { pattern: "/hooks", description: "payments" }, "/status"],
    healthPaths: ["/up"],
    adminPaths: ["/login"],
    addresses: [{ range: "203.0.113.0/24", description: "office" }],
    methods: ["OPTIONS"],
    users: { staff: true },
  },
  readOnly: { writes: ["/unsubscribe"] },
  statusCode: 504,
};

let sides: CliSides;

beforeAll(async () => {
  sides = await cliSides(OPTIONS);
});

afterAll(() => sides.close());

/** Runs a command on both sides, and expects the same output. */
async function both(...line: string[]): Promise<Told> {
  const [direct, remote] = [await sides.direct(...line), await sides.remote(...line)];
  expect(comparable(remote)).toEqual(comparable(direct));
  return remote;
}

describe("with --url, every command prints the same as over a store", () => {
  test("for closing and opening, as text and as JSON", async () => {
    expect((await both("status")).code).toBe(0);
    await both("on", "shop", "--for", "2h", "--message", "Back at nine", "--dry-run");
    expect((await both("status", "shop")).code).toBe(0);
    await both("on", "shop", "--for", "2h", "--message", "Back at nine", "--allow-ip", "10.0.0.0/8");
    await both("on", "shop", "--lockdown", "--reason", "again", "--json");
    expect((await both("status")).code).toBe(2);
    await both("status", "shop", "--json");
    await both("on", "payments-db", "--read-only", "--only", "/checkout/*");
    await both("on");
    await both("off", "shop", "--json");
    await both("off");
    await both("off", "payments-db", "--dry-run");
    await both("off", "payments-db");
    await both("off", "blog", "unknown", "--ignore-missing");
  });

  test("for sites, exemptions and their history", async () => {
    await both("sites", "add", "docs", "--host", "docs.example", "--reason", "new");
    await both("sites", "list");
    await both("sites", "show", "docs", "--json");
    await both(
      "exempt",
      "add",
      "--site",
      "docs",
      "--path",
      "re:^/hooks",
      "--ip",
      "192.0.2.0/24",
      "--description",
      "us",
    );
    await both("exempt", "list");
    await both("exempt", "list", "--site", "docs", "--json");
    await both("exempt", "remove", "--site", "docs", "--path", "re:^/hooks");
    await both("sites", "remove", "docs");
    await both("history", "--limit", "7");
    await both("history", "--site", "shop", "--json");
    await both("history", "--before", "4");
  });

  test("for links and tokens, each shown once", async () => {
    await both("on", "shop");
    const made = await both("link", "create", "--label", "QA", "--site", "shop", "--expires", "2h");
    expect(made.stdout).toMatch(/https:\/\/shop\.example\/\?maintenance-access=[\w-]{43}\n/);
    await both("link", "create", "--label", "All", "--json");
    await both("link", "list", "shop");
    await both("link", "revoke", "--all", "--site", "shop");
    await both("token", "create", "--name", "ci", "--may", "view", "--site", "shop");
    await both("token", "list", "--json");
    await both("sessions", "end", "--dry-run");
    await both("sites", "show", "*", "--json");
    await both("history", "--limit", "6", "--json");
  });

  test("for the outcome of a request, and a visitor's page", async () => {
    await both("explain", "https://shop.example/cart");
    await both("explain", "https://shop.example/", "--ip", "203.0.113.42", "--header", "Accept: application/json");
    await both("explain", "https://shop.example/maintenance/", "--json");
    await both("explain", "https://shop.example/", "--user", "staff", "--json");
    await both("explain", "/login", "--method", "post");
    await both("preview", "shop", "--message", "Soon", "--lang", "de", "--json");
    await both("preview", "shop", "--message", "Soon", "--type", "json");
    await both("preview", "shop", "--read-only", "--lang", "fr", "--type", "text", "--json");
    await both("preview", "--title", "Moving", "--more-url", "https://status.example", "--for", "2h");
  });

  test.each([
    "on shp",
    "on --redirect //evil.example",
    "on --until 2020-01-01",
    "sites show shp",
    "sites add x --host shop.example",
    "sites remove shop",
    "exempt remove --ip 10.0.0.1",
    "link revoke nothere_",
    "explain shop.example",
    "preview shp",
    "history --limit 0",
    "history --site shp",
  ])("for an error, in the same words: %s", async (line) => {
    await both(...line.split(" "));
    await both(...line.split(" "), "--json");
  });

  test("status names the server's store, and the URL", async () => {
    const { stdout } = await sides.remote("status");
    expect(stdout).toContain(`Store: file ${sides.admin.stateFile}, version `);
    expect(stdout).toContain(`\nAdmin: ${sides.admin.url}\n`);
    expect(JSON.parse((await sides.remote("status", "--json")).stdout)).toMatchObject({ url: sides.admin.url });
  });

  test("the history shows the name of the token, and the address", async () => {
    await sides.remote("on", "blog", "--reason", "by token");
    const [change] = await sides.admin.controller.history({ limit: 1 });
    expect(change).toMatchObject({ by: { kind: "admin", label: "ada", from: "127.0.0.1" }, reason: "by token" });
  });

  test("no answer contains a link's secret, and no output contains the token", () => {
    const stored = readFileSync(sides.admin.stateFile, "utf8").replaceAll("\\", "");
    const found = [...stored.matchAll(/"(?:hash|key|sessionKey)": ?"([\w-]{43})"/g)];
    const secrets = new Set(found.flatMap(([, secret]) => secret ?? []));
    // The hashes of two tokens, the key and the hash of a link, and those in the history.
    expect(secrets.size).toBeGreaterThan(3);
    const told = [...sides.admin.sent, ...sides.printed].join("\n");
    expect([...secrets].filter((secret) => told.includes(secret))).toEqual([]);
    expect(told.includes(sides.token)).toBe(false);
  });
});
