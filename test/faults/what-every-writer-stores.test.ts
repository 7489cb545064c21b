import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { createController } from "../../src/control/controller.ts";
import { isMaintenanceError } from "../../src/errors.ts";
import { silentLogger } from "../../src/logger.ts";
import { fileStore } from "../../src/stores/file.ts";
import { type AdminServer, adminServer, signIn } from "../scenarios/admin-server.ts";
import { createCliProject, runBin } from "../scenarios/cli-project.ts";
import { oddJson, oddText, spoiled, words } from "../support/odd-input.ts";
import { requireReadable } from "../support/readable-state.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";

// The writers other than programs, which what-is-stored-is-readable.test.ts covers: the admin's API and forms, the command line and
// configured sites.

const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

let folder: string;
let places = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const newPath = (): string => join(folder, String(++places), "state.json");

/** Returns the stored text, empty if nothing was ever written. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function requireReadableFile(path: string, options: MaintenanceOptions): Promise<void> {
  const store = fileStore({ path });
  try {
    await requireReadable(store, { logger: silentLogger, ...options });
  } finally {
    await store.close();
  }
}

const sites = fc.constantFrom(["*"], ["shop"], ["blog", "shop"], ["added"]);
const time = fc.constantFrom(null, "2099-12-01T06:00:00Z", "2099-12-01T07:00:00.5+01:00");
const answer = {
  title: words,
  message: words,
  translations: fc.constant({}),
  moreUrl: fc.constantFrom(null, "https://a.example/ü"),
  statusCode: fc.constantFrom(null, 503, 404),
  retryAfter: fc.constantFrom(null, 0, 86_400),
  refresh: fc.nat(86_400),
};
const exempt = fc.record(
  {
    paths: fc.array(spoiled(fc.record({ pattern: fc.constantFrom("/a", "re:^/x$"), description: words }), oddJson), {
      maxLength: 2,
    }),
    addresses: fc.constantFrom(["10.0.0.0/8"], ["::1"], []),
  },
  { requiredKeys: [] },
);
const closure = { ...answer, paths: fc.constantFrom([], ["/a/*"], ["re:^/x$"]), lockdown: fc.boolean() };
const optional = { requiredKeys: ["sites" as const] };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Replaces the site's version. */
  readonly version?: string;
}

const to = (method: string, path: fc.Arbitrary<string>, body: fc.Arbitrary<unknown>): fc.Arbitrary<Asked> =>
  fc.record({ method: fc.constant(method), path, body: spoiled(body as fc.Arbitrary<object>, oddJson) });
const exactly = (path: string) => fc.constant(path);
const ofSite = (rest: string) =>
  fc.constantFrom("*", "shop", "added", "__proto__", "%F0%9F%98%80").map((site) => `sites/${site}${rest}`);

const command = fc.oneof(
  fc.record({ type: fc.constant("close"), sites, reason: words, ...closure, exempt, until: time }, optional),
  fc.record({ type: fc.constant("open"), sites, reason: words }),
  fc.record({ type: fc.constant("restore"), site: fc.constant("shop"), scope: words, settings: fc.record(closure) }),
  fc.record({ type: fc.constant("end-sessions"), reason: words }),
  fc.record({ type: fc.constant("revoke-tokens"), tokens: fc.array(words, { maxLength: 2 }) }),
);

/** Generates a request for each route of the API that writes, with valid and invalid bodies. */
const requests: fc.Arbitrary<Asked> = fc.oneof(
  to("POST", exactly("close"), fc.record({ sites, ...closure, exempt, until: time, reason: words }, optional)),
  to("POST", exactly("open"), fc.record({ sites, reason: words })),
  to("POST", exactly("sites"), fc.record({ site: fc.constantFrom("added", "__proto__"), hosts: fc.constant([]) })),
  to("PATCH", ofSite(""), fc.record({ ...closure, hosts: fc.constantFrom([], ["a.example"]) }, { requiredKeys: [] })),
  to("POST", ofSite("/exemptions"), exempt),
  to("POST", ofSite("/links"), fc.record({ label: words, expires: time, reason: words })),
  to("POST", exactly("tokens"), fc.record({ name: words, may: fc.constant(["view"]), sites, expires: time })),
  to("POST", exactly("commands"), fc.record({ command: spoiled(command, oddJson) })),
  fc.record({ method: fc.constant("DELETE"), path: ofSite(""), version: fc.constantFrom("*", '"1"', "x") }),
  fc.record({
    method: fc.constant("DELETE"),
    path: fc.constantFrom("sites/shop/exemptions?path=/a", "sites/shop/links", "sessions"),
  }),
);
/** Generates submissions of the page's forms without script. */
const forms = fc.record({
  form: fc.constantFrom("close", "open"),
  fields: fc.array(fc.tuple(fc.constantFrom("site", "message", "reason", "sure"), fc.oneof(oddText, words)), {
    maxLength: 5,
  }),
});

async function send(server: AdminServer, cookie: string, asked: Asked): Promise<number> {
  const { path, method, body, version } = asked;
  const url = `${server.url}${server.admin.basePath}/api/v1/${path}`;
  const headers: Record<string, string> = { cookie, origin: server.url };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method === "PATCH") headers["if-match"] = (await fetch(url, { headers })).headers.get("etag") ?? "*";
  if (version !== undefined) headers["if-match"] = version;
  const sent = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await sent.text();
  if (sent.status >= 400) expect(JSON.parse(text)).toMatchObject({ status: sent.status, code: expect.any(String) });
  return sent.status;
}

test("another process can read what the admin's API and forms accept, and a refused change changes nothing", async () => {
  const statuses: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(requests, forms), { minLength: 1, maxLength: 5 }), async (all) => {
      const path = newPath();
      const store = fileStore({ path });
      const server = await adminServer({ options: { store, sites: SITES, logger: silentLogger } });
      try {
        const cookie = await signIn(server);
        for (const asked of all) {
          const before = textOf(path);
          if ("form" in asked) {
            const sent = await fetch(`${server.url}${server.admin.basePath}/${asked.form}`, {
              method: "POST",
              redirect: "manual",
              headers: { cookie, origin: server.url },
              body: new URLSearchParams(asked.fields.map(([name, value]): [string, string] => [name, value])),
            });
            expect([200, 303]).toContain(sent.status);
            const isDone = sent.headers.get("location")?.includes("done=") ?? false;
            if (!isDone) expect(textOf(path)).toBe(before);
          } else {
            const status = await send(server, cookie, asked);
            statuses.push(status);
            expect(status).toBeLessThan(500);
            if (status >= 400) expect(textOf(path)).toBe(before);
          }
        }
        await requireReadableFile(path, { sites: SITES });
      } finally {
        await server.close();
        await store.close();
      }
    }),
    { numRuns: 60, seed: 7, endOnFailure: true },
  );
  expect(statuses.some((status) => status < 300)).toBe(true);
  expect(statuses.some((status) => status >= 400)).toBe(true);
});

const value = fc.oneof(oddText, words);
const flagged = (...names: string[]): fc.Arbitrary<string[]> =>
  fc.tuple(fc.constantFrom(...names), value).map(([name, given]) => [`--${name}`, given]);
const several = (...lists: fc.Arbitrary<string[]>[]): fc.Arbitrary<string[]> =>
  fc.array(fc.oneof(...lists), { maxLength: 4 }).map((found) => found.flat());
const site = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("shop", "blog", "*") }, { weight: 1, arbitrary: value });
const closing = several(
  flagged("message", "title", "message-in", "title-in", "more", "until", "for", "only", "allow-ip", "allow-path"),
  flagged("redirect", "status-code", "retry-after", "refresh", "reason"),
  words.map((text) => ["--message-in", `de=${text}`]),
  fc.constantFrom(["--lockdown"], ["--read-only"], ["--until", "never"], ["--retry-after", "2h"], ["--refresh", "1d"]),
);
const after = (
  first: readonly string[],
  ...rest: readonly fc.Arbitrary<string | readonly string[]>[]
): fc.Arbitrary<string[]> => fc.tuple(...rest).map((parts) => [...first, ...parts.flat()]);
/** Generates each command that writes to the configured store, with any values. */
const lines: fc.Arbitrary<string[]> = fc.oneof(
  after(["on", "--yes"], site, closing),
  after(["on", "--yes"], closing),
  after(["off"], site, several(flagged("reason"))),
  after(["exempt", "add"], several(flagged("ip", "path", "description", "reason"), fc.constant(["--path", "/a"]))),
  after(["exempt", "remove"], several(flagged("ip", "path", "reason"), fc.constant(["--path", "/a"]))),
  after(["link", "create", "--label"], value, several(flagged("expires", "reason", "site"))),
  after(["token", "create", "--may", "view", "--name"], value, several(flagged("site", "expires", "reason"))),
  after(["sites", "add"], fc.oneof(fc.constant("added"), value), several(flagged("host", "reason"))),
  after(["sites", "remove"], fc.oneof(fc.constant("added"), value), several(flagged("reason"))),
  after(["sessions", "end"], several(flagged("reason"))),
);

/** Expects success, or an error in the printed form. */
function requireAnswer({ code, written }: { readonly code: number; readonly written: { readonly stderr: string } }) {
  expect([0, 1]).toContain(code);
  if (code === 0) return;
  expect(written.stderr).toMatch(/^Error: |\nError: /);
  expect(written.stderr).not.toMatch(/ERR_UNEXPECTED|ERR_STATE_UNREADABLE/);
}

test("another process can read what the command line accepts, and a refused change changes nothing", async () => {
  let [accepted, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 5 }), async (all) => {
      const cli: CliInProcess = cliInProcess();
      try {
        for (const line of all) {
          const before = textOf(cli.stateFile);
          const told = await cli.start(line, { isInteractive: false });
          requireAnswer(told);
          if (told.code === 0) accepted += 1;
          else {
            refused += 1;
            expect(textOf(cli.stateFile)).toBe(before);
          }
        }
        await requireReadableFile(cli.stateFile, { sites: { shop: { hosts: ["shop.example"] } } });
      } finally {
        cli.remove();
      }
    }),
    { numRuns: 60, seed: 7, endOnFailure: true },
  );
  expect(accepted).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

test("the next process can read what one process of the command line accepts, whatever the input", async () => {
  const project = createCliProject();
  try {
    // A process argument cannot contain NUL or half a character.
    const typed = fc.sample(lines, { numRuns: 40, seed: 11 }).filter((line) => !line.join().includes("\0"));
    for (const line of typed.filter((one) => one.join().length < 10_000).slice(0, 6)) {
      const { code, stderr } = await project.run(...line);
      requireAnswer({ code: code ?? -1, written: { stderr } });
    }
    expect((await project.run("on", "shop", "--reason", "deploy 😀 \u2028", "--message", "a\r\nb")).code).toBe(0);
    const { code, stdout, stderr } = await runBin(project.folder, {}, ["status", "shop", "--json"]);
    expect(stderr).toBe("");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ sites: [{ id: "shop", mode: "closed" }] });
  } finally {
    project.remove();
  }
});

const hosts = fc.array(fc.oneof(fc.constantFrom("a.example", "*.b.example", "münchen.example", "[::1]"), oddText), {
  maxLength: 3,
});
const configured = fc.dictionary(
  fc.oneof(fc.constantFrom("shop", "blog", "a.b-c_d", "constructor", "__proto__"), oddText),
  spoiled(fc.record({ hosts, name: words, contact: words }, { requiredKeys: [] }), oddJson),
  { maxKeys: 4, noNullPrototype: true },
);

test("another process can read the result of commands on any site id", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(configured, fc.array(fc.record(closure), { maxLength: 2 }), async (named, closures) => {
      const path = newPath();
      const store = fileStore({ path });
      const options = { sites: named, logger: silentLogger } as MaintenanceOptions;
      const by = { kind: "program", label: "deploy" } as const;
      try {
        const controller = createController({ ...options, store });
        for (const id of [...Object.keys(named), "*"]) {
          for (const how of [{}, ...closures]) {
            const before = textOf(path);
            try {
              await controller.execute({ type: "close", sites: [id], ...how } as never, by);
              accepted += 1;
            } catch (error) {
              if (!isMaintenanceError(error)) throw error;
              expect(textOf(path)).toBe(before);
            }
          }
        }
      } catch (error) {
        // The configuration was refused, before anything was written.
        if (!isMaintenanceError(error)) throw error;
        expect(textOf(path)).toBe("");
        return;
      } finally {
        await store.close();
      }
      await requireReadableFile(path, options);
    }),
    { numRuns: 150, seed: 7, endOnFailure: true },
  );
  expect(accepted).toBeGreaterThan(0);
});
