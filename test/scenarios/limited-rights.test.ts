import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminServer, adminServer, signIn } from "./admin-server.ts";

let server: AdminServer;
let operator: string;
let token: string;

/** Sends a request as the operator, who has all rights, or with a token whose rights are limited to the shop. */
async function ask(
  who: "operator" | "shopkeeper",
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const as: Record<string, string> =
    who === "operator" ? { cookie: operator, origin: server.url } : { authorization: `Bearer ${token}` };
  return await fetch(`${server.url}/maintenance/api/v1/${path}`, {
    method,
    headers: { ...as, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function visit(path = "/", headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${server.url}${path}`, { headers, redirect: "manual" });
}

beforeEach(async () => {
  // The test's requests name this host, so they belong to the shop.
  server = await adminServer({
    options: { sites: { shop: { hosts: ["127.0.0.1"] }, blog: { hosts: ["blog.example"] } } },
  });
  operator = await signIn(server);
  const made = await ask("operator", "POST", "tokens", {
    name: "shopkeeper",
    may: ["view", "switch", "edit", "links"],
    sites: ["shop"],
  });
  ({ token } = (await made.json()) as { token: string });
});

afterEach(() => server.close());

const OPEN = { mode: "open", until: null, restore: null };

const ATTEMPTS: readonly (readonly [string, () => Promise<Response>])[] = [
  [
    "a closure with exemptions",
    () => ask("shopkeeper", "POST", "close", { sites: ["shop"], exempt: { paths: ["/*"] } }),
  ],
  ["an exempt path", () => ask("shopkeeper", "POST", "sites/shop/exemptions", { paths: ["/*"] })],
  ["an exempt address", () => ask("shopkeeper", "POST", "sites/shop/exemptions", { addresses: ["0.0.0.0/0", "::/0"] })],
  [
    "an edit",
    () =>
      ask(
        "shopkeeper",
        "PATCH",
        "sites/shop",
        { exemptions: { paths: [{ pattern: "/*", limited: false }] } },
        { "if-match": '"0"' },
      ),
  ],
  [
    "the commands of the command line",
    () =>
      ask("shopkeeper", "POST", "commands", {
        command: { type: "add-exemptions", site: "shop", paths: ["/*"] },
      }),
  ],
  [
    "a restored state",
    async () => {
      const close = { type: "close", sites: ["shop"], scope: "scope001" };
      await ask("shopkeeper", "POST", "commands", { command: close });
      const left = { mode: "closed", until: null, restore: null, scope: "scope001" };
      const found = { ...OPEN, exemptions: { paths: ["/*"] } };
      const command = { type: "restore", records: [{ site: "shop", left, found }] };
      return await ask("shopkeeper", "POST", "commands", { command });
    },
  ],
  [
    "a closure that sends everyone to this very path",
    () => ask("shopkeeper", "POST", "close", { sites: ["shop"], redirect: "/" }),
  ],
];

test.each(ATTEMPTS)(
  "%s by a user with rights on one site opens nothing while everything is closed",
  async (_n, attempt) => {
    expect((await ask("operator", "POST", "close", { sites: ["*"] })).status).toBe(200);
    expect((await visit()).status).toBe(503);
    expect((await attempt()).status).toBe(200);
    expect((await visit()).status).toBe(503);
  },
);

test("a link by a user with rights on one site opens only that site", async () => {
  await ask("operator", "POST", "close", { sites: ["shop"] });
  const made = (await (await ask("shopkeeper", "POST", "sites/shop/links", { label: "QA" })).json()) as {
    query: string;
    limited: boolean;
  };
  expect(made.limited).toBe(true);
  const admitted = await visit(`/?${made.query}`);
  const cookie = admitted.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  expect(admitted.status).toBe(302);
  expect((await visit("/", { cookie })).status).toBe(200);
  await ask("operator", "POST", "close", { sites: ["*"] });
  expect((await visit(`/?${made.query}`)).status).toBe(503);
  expect((await visit("/", { cookie })).status).toBe(503);
  await ask("operator", "POST", "open", { sites: ["*"] });
  expect((await visit("/", { cookie })).status).toBe(200);
});

test("an exemption applies to the closure of its own site, and to every closure if an operator of everything has added it", async () => {
  await ask("shopkeeper", "POST", "sites/shop/exemptions", { paths: ["/status"] });
  await ask("operator", "POST", "sites/shop/exemptions", { paths: ["/hook"] });
  await ask("operator", "POST", "close", { sites: ["shop"] });
  expect([(await visit("/status")).status, (await visit("/hook")).status, (await visit()).status]).toEqual([
    200, 200, 503,
  ]);
  await ask("operator", "POST", "close", { sites: ["*"] });
  expect([(await visit("/status")).status, (await visit("/hook")).status]).toEqual([503, 200]);
  // An operator with rights on every site confirms the exemption by adding it again.
  await ask("operator", "POST", "sites/shop/exemptions", { paths: ["/status"] });
  expect((await visit("/status")).status).toBe(200);
});

test("a user with rights on one site cannot take hosts from the others", async () => {
  const hosts = { hosts: ["main.example", "*.example"] };
  const patched = await ask("shopkeeper", "PATCH", "sites/shop", hosts, { "if-match": '"0"' });
  expect(patched.status).toBe(403);
  const command = { type: "edit", site: "shop", version: 0, ...hosts };
  expect((await ask("shopkeeper", "POST", "commands", { command })).status).toBe(403);
  expect((await ask("operator", "PATCH", "sites/shop", hosts, { "if-match": '"0"' })).status).toBe(200);
});
