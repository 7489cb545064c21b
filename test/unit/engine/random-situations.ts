import fc from "fast-check";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import type { UserFacts } from "../../../src/engine/decide/request-facts.ts";
import type { BypassLink } from "../../../src/state/bypass-link.ts";
import { NO_RESPONSE_SETTINGS, type SiteRecord } from "../../../src/state/site-record.ts";
import { signedCookie, tokenHash } from "../../support/reference-bypass.ts";
import type { Situation } from "../../support/reference-decision.ts";
import type { TestRequest } from "../../support/request-facts.ts";
import { NOW } from "../../support/snapshot.ts";

/** Small pools of related values: with unrelated random values, no path would ever match a pattern. */

const PATTERNS = [
  ...["/health", "/open/*", "/open/x", "/private", "/down", "/users/:id", "/users/:id/*", "/users/me", "/caf%C3%A9"],
  ...["re:^/news/\\d+$", "re:^/private/", "/Open/X", "/:any/x", "/*", "/"],
];

const PATHS = [
  ...[
    "/",
    "/health",
    "/health/",
    "/HEALTH",
    "/open",
    "/open/x",
    "/open/x/",
    "/opener",
    "/open//x",
    "/OPEN/x",
    "/down",
    "/down",
    "/down",
  ],
  ...[
    "/open/../private",
    "/open/%2e%2e/private",
    "/open/..;/private",
    "//open/x",
    "/open%2fx",
    "/open\\x",
    "/open/%00",
  ],
  ...["/open/a%40b", "/%40x", "/open/...", "/open/%20", "/open/x%20", "/open/x.", "/open/.%20./x", "/open/x%3Fy"],
  ...["/caf%c3%a9", "/cafe%CC%81", "/%EF%BD%8Fpen/x", "/open/%EF%BC%8E%EF%BC%8E/private", "/open%EF%BC%8Fx"],
  ...["/open/%E2%80%8C.%E2%80%8C./x", "/health%2D", "/%68ealth", "/CAF%C3%89", "/open;v=1/x", "/Private/"],
  ...["/%zz", "/%ff", "/%252e%252e", "/%6fpen/x", "/private", "/private/a", "/users/7", "/users/7/edit", "/users/"],
  ...[
    "/users/me",
    "/news/42",
    "/news/42/",
    "/news/x",
    "/caf%C3%A9",
    "/café",
    "/caf%c3",
    "/.well-known/x",
    "/.well-known/acme-challenge/x",
    "/.well-known/acme-challenge/x.y",
    "/.well-known/acme-challenge/x/y",
    "/.well-known/acme-challenge",
    "/a;b",
    "/./x",
  ],
  ...["http://shop.example/open/x", "HTTPS://x:1//open", "http://shop.example", "*", "", "shop.example:443", "?x"],
];

const FRAGMENTS = [
  "/",
  "//",
  "open",
  "private",
  "%2e",
  "%2E",
  ".",
  "..",
  "%2f",
  "%25",
  "%",
  "\\",
  ";",
  "é",
  "x",
  "?",
  "#",
];

const RANGES = [
  ...["10.0.0.42", "192.168.1.0/24", "10.0.0.0/8", "2001:db8::/32", "2001:db8::1", "::ffff:10.0.0.0/104", "fe80::1"],
  ...["0.0.0.0/0", "::/0", "172.16.0.9/12"],
];

const ADDRESSES = [
  ...["10.0.0.42", "::ffff:10.0.0.42", "::FFFF:10.0.0.42", "::ffff:a00:2a", "0:0:0:0:0:ffff:10.0.0.42", "10.0.0.255"],
  ...["110.0.0.42", "192.168.1.7", "192.168.2.7", "2001:db8::1", "2001:DB8:0:0::1", "2001:db9::1", "fe80::1%eth0"],
  ...["fe80::1", "fe80::1%", "::10.0.0.42", "010.0.0.42", "10.0.0.42 ", "10.0.0", "10.0.0.256", "0x0a.0.0.42", "10"],
  ...["::", "::1", "1::2::3", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8::", "::ffff:010.0.0.42", "%eth0", "localhost", ""],
];

const HOSTS = [
  ...["shop.example", "SHOP.Example:8080", "shop.example.", "a.shop.example", "eu.shop.example", "x.eu.shop.example"],
  ...[
    "blog.example",
    "blog.example:",
    "[::1]:80",
    "[0:0:0:0:0:0:0:1]",
    "unknown.example",
    "shop.example, blog.example",
  ],
  ...["127.1", "127.0.0.1", "0x7f.1", "shop%2eexample", "me@shop.example", "shop.example:000080"],
  ...["shop.example:x", ".shop.example", "shop.example..", "shop.example/", "shopxexample", "", " shop.example"],
];

const METHODS = [
  ...["GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "OPTIONS", "PURGE", "DELETE", "TRACE", "QUERY", "MOVE"],
  ...["PROPFIND", "get", ""],
];

const TOKENS = ["token-of-qa", "token-of-brief", "token-of-old", "token-of-none"];
const CONFIGURED_KEYS = ["c".repeat(32), "d".repeat(32)];

/** The first never expires, the second expires in a second, the third has just expired. */
export const LINKS: readonly BypassLink[] = [null, "2026-11-21T12:00:01Z", "2026-11-21T12:00:00Z"].map(
  (expires, index) => ({
    id: `link-00${index}`,
    label: "QA",
    hash: tokenHash(TOKENS[index] ?? ""),
    key: String(index).repeat(43),
    expires,
    created: { at: "2026-11-01T00:00:00Z", by: { kind: "program", label: "test" } },
  }),
);

/** All secrets in the pools. */
export const SECRETS: readonly string[] = [
  ...TOKENS,
  ...CONFIGURED_KEYS,
  ...LINKS.flatMap(({ key, hash }) => [key, hash]),
];

/** Generates `value` once in `times`, otherwise `undefined`. */
function seldom<T>(value: fc.Arbitrary<T>, times = 4): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

function some<Item>(pool: readonly Item[]): fc.Arbitrary<Item[]> {
  return fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 2 });
}

/** Generates objects without the members that are `undefined`. */
function partial<T extends object>(
  members: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> },
): fc.Arbitrary<Partial<T>> {
  return fc
    .record(members as Record<string, fc.Arbitrary<unknown>>)
    .map((it) => Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as Partial<T>);
}

const mode = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<SiteRecord["mode"][]>("open", "paused") },
  { weight: 4, arbitrary: fc.constantFrom<SiteRecord["mode"][]>("closed", "closed", "read-only") },
);

const exemptions = fc.record({
  paths: fc
    .tuple(some(PATTERNS), fc.boolean())
    .map(([all, limited]) => all.map((pattern) => ({ pattern, description: "", ...(limited && { limited }) }))),
  addresses: fc
    .tuple(some(RANGES), fc.boolean())
    .map(([all, limited]) => all.map((range) => ({ range, description: "", ...(limited && { limited }) }))),
});

const redirect = fc.constantFrom(
  "/down",
  "/down",
  "/down#top",
  "/open/x",
  "/",
  "https://shop.example/down?x",
  "https://other.example/",
);

function recordArbitrary(hosts: readonly string[]): fc.Arbitrary<Partial<SiteRecord>> {
  return partial<SiteRecord>({
    ...openMembers,
    hosts: hosts.length === 0 ? fc.constant(undefined) : seldom(fc.constant([...hosts]), 2),
    mode,
    since: seldom(fc.constant("2026-11-21T11:00:00Z"), 3),
    until: seldom(fc.constantFrom("2026-11-21T11:59:59Z", "2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z"), 3),
    paths: seldom(some(PATTERNS)),
    exemptions: seldom(exemptions),
    lockdown: seldom(fc.constant(true), 8),
    restore: seldom(fc.record({ exemptions, paths: some(PATTERNS), lockdown: fc.boolean() })),
    response: seldom(
      redirect.map((to) => ({ ...NO_RESPONSE_SETTINGS, redirect: to })),
      3,
    ),
    links: seldom(
      fc
        .tuple(fc.subarray([...LINKS], { minLength: 1 }), fc.boolean())
        .map(([links, limited]) => links.map((link) => ({ ...link, ...(limited && { limited }) }))),
      2,
    ),
    linkGeneration: seldom(fc.constant(1)),
  });
}

const absent = fc.constant(undefined);
const openMembers = { id: absent, scope: absent, notice: absent, version: absent, changed: absent, access: absent };

const options: fc.Arbitrary<MaintenanceOptions> = partial<MaintenanceOptions>({
  sites: seldom(
    partial<NonNullable<MaintenanceOptions["sites"]>>({
      shop: fc.constant({ hosts: ["shop.example", "*.shop.example", "[::1]"] }),
      blog: seldom(fc.constant({ hosts: ["blog.example", "*.eu.shop.example"] }), 2),
    }),
    2,
  ),
  groups: seldom(fc.constantFrom(["db"], ["db", "shop"], ["unknown-group"])),
  operatorPaths: seldom(some(PATTERNS), 12),
  exempt: seldom(
    partial<NonNullable<MaintenanceOptions["exempt"]>>({
      paths: seldom(some([...PATTERNS, { pattern: "/private", description: "health probes" }])),
      addresses: seldom(some([...RANGES, { range: "10.0.0.0/24", description: "office" }])),
      methods: seldom(some(["purge", "OPTIONS", "Post"])),
      adminPaths: seldom(some(PATTERNS), 8),
      healthPaths: seldom(some(PATTERNS), 8),
      wellKnownPaths: seldom(fc.constantFrom([], ["/.well-known/*"]), 4),
      users: seldom(
        fc.oneof(
          partial({
            anonymous: fc.boolean(),
            authenticated: fc.boolean(),
            staff: fc.boolean(),
            superuser: fc.boolean(),
          }),
          fc.constant(() => true),
        ),
        2,
      ),
      tests: seldom(fc.boolean()),
    }),
    2,
  ),
  logOut: seldom(
    partial<NonNullable<MaintenanceOptions["logOut"]>>({
      authenticated: fc.boolean(),
      staff: fc.boolean(),
      superuser: fc.boolean(),
      end: fc.constant(() => undefined),
    }),
    4,
  ),
  keys: seldom(fc.subarray(CONFIGURED_KEYS)),
  secureCookies: seldom(fc.boolean()),
  readOnly: seldom(
    partial<NonNullable<MaintenanceOptions["readOnly"]>>({
      reads: seldom(some(PATTERNS), 2),
      writes: seldom(some(PATTERNS), 2),
      classify: seldom(
        fc.constant(() => undefined),
        2,
      ),
    }),
    2,
  ),
  redirect: seldom(redirect),
  override: seldom(fc.constantFrom<("on" | "off")[]>("on", "off"), 16),
  whenNeverLoaded: seldom(fc.constantFrom<("open" | "closed")[]>("open", "closed"), 2),
  ignoreCase: seldom(fc.boolean()),
} as { [K in keyof MaintenanceOptions]: fc.Arbitrary<MaintenanceOptions[K] | undefined> });

const environment: fc.Arbitrary<Situation["environment"]> = partial<Record<string, string>>({
  MAINTENANCE_MODE: seldom(fc.constantFrom("on", "off"), 16),
  NODE_ENV: seldom(fc.constantFrom("test", "production"), 2),
  MAINTENANCE_KEYS: seldom(fc.constant("d".repeat(32)), 8),
});

export const situations: fc.Arbitrary<Situation> = fc.record({
  records: partial<Record<string, Partial<SiteRecord>>>({
    "*": recordArbitrary([]),
    shop: seldom(recordArbitrary(["shop.example", "*.shop.example"]), 2),
    blog: seldom(recordArbitrary(["blog.example", "*.eu.shop.example"])),
    db: seldom(recordArbitrary([])),
  }) as fc.Arbitrary<Situation["records"]>,
  options,
  environment,
  neverLoaded: fc.integer({ min: 0, max: 15 }).map((it) => it === 0),
  now: fc.constant(NOW),
});

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PATHS) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...FRAGMENTS)).map((parts) => `/${parts.join("")}`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

const pair = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TOKENS).map((token) => `maintenance-access=${token}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...TOKENS).map((token) => `maintenance%2Daccess=${token.replace("-", "%2d")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("x=1", "maintenance-access=", "maintenance-access", "maintenance-access[]=x", "a=?", ""),
  },
);

export const targets: fc.Arbitrary<string> = fc
  .tuple(path, seldom(fc.array(pair, { maxLength: 2 }), 2), seldom(fc.constant("#top"), 8))
  .map(([start, query, fragment]) => `${start}${query === undefined ? "" : `?${query.join("&")}`}${fragment ?? ""}`);

const cookieValue = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        link: fc.constantFrom(...LINKS),
        site: fc.constantFrom("shop", "shop", "*", "*", "blog"),
        generation: fc.constantFrom(0, 0, 1),
        expires: fc.constantFrom(NOW / 1000 + 60, NOW / 1000 + 60, NOW / 1000),
        key: fc.constantFrom("", "", "", ...CONFIGURED_KEYS, "x".repeat(32)),
      })
      .map(({ link, key, ...grant }) => signedCookie({ ...grant, link: link.id }, key || link.key)),
  },
  { weight: 1, arbitrary: fc.constantFrom("", "~~~~", "link-000~*~0~9999999999~x", "link-000~*~00~1e9~") },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

const cookies = fc
  .array(
    fc
      .tuple(
        fc.constantFrom("__Host-maintenance-bypass", "__Host-maintenance-bypass", "maintenance-bypass", "theme"),
        cookieValue,
      )
      .map(([name, value]) => `${name}=${value}`),
    { minLength: 1, maxLength: 10 },
  )
  .map((all) => all.join("; "));

const users: fc.Arbitrary<UserFacts> = fc.record({
  authenticated: fc.boolean(),
  staff: fc.boolean(),
  superuser: fc.boolean(),
  exempt: fc.integer({ min: 0, max: 3 }).map((it) => it === 0),
});

export const requests: fc.Arbitrary<TestRequest> = fc.record({
  method: fc.constantFrom(...METHODS),
  host: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("shop.example", "blog.example", undefined) },
    { weight: 4, arbitrary: fc.constantFrom(...HOSTS) },
    { weight: 1, arbitrary: fc.string() },
  ),
  otherHosts: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 2 }) },
  ),
  target: targets,
  address: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(undefined, ...ADDRESSES) },
    { weight: 1, arbitrary: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()) },
  ),
  user: fc.option(users, { nil: undefined, freq: 2 }),
  operation: fc.constantFrom<TestRequest["operation"][]>(undefined, null, "read", "write"),
  route: seldom(fc.constantFrom<NonNullable<TestRequest["route"]>[]>("forced-open", "forced-closed"), 16),
  headers: fc
    .tuple(
      seldom(cookies, 2),
      seldom(fc.constantFrom("DELETE", "get", "POST"), 12),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
    )
    .map(([cookie, override, others]) => ({
      ...others,
      ...(cookie !== undefined && { cookie }),
      ...(override !== undefined && { "x-http-method-override": override }),
    })),
});
