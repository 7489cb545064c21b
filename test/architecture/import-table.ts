/** The allowed imports in `src/`. Any other import is refused; an area may always import itself. */
export interface Area {
  /**
   * A folder (`rules`) or a file (`gate.ts`, or `platform/crypto` for its variants of all runtimes). A file belongs to the most specific
   * area.
   */
  readonly name: string;
  readonly holds: string;
  /** The areas or single files that it may import. */
  readonly imports: readonly string[];
  /** The areas or single files of which it may import types only. */
  readonly types?: readonly string[];
  /** The npm packages that it may import. */
  readonly packages?: readonly string[];
}

/** The modules that every area may import. */
export const BASE: readonly string[] = ["errors.ts", "clock.ts", "deadline.ts", "logger.ts"];
// Names that resolve to another file in each runtime: see `imports` in package.json.
const PLATFORM = "#platform";
const CRYPTO = "#crypto";

export const IMPORT_TABLE: readonly Area[] = [
  { name: "errors.ts", holds: "error codes with their hints", imports: [] },
  { name: "turn.ts", holds: "slices of long work, between which the event loop continues", imports: [] },
  { name: "clock.ts", holds: "the injected clock", imports: [] },
  {
    name: "deadline.ts",
    holds: "deadlines that a blocked event loop does not shorten",
    imports: ["errors.ts", "clock.ts"],
  },
  { name: "logger.ts", holds: "the injected logger", imports: [] },
  { name: "node-version.ts", holds: "the oldest Node.js that is supported", imports: [] },
  {
    name: "text/nearest.ts",
    holds: "the known word that a misspelt one probably means",
    imports: [],
    packages: ["leven"],
  },
  { name: "finding.ts", holds: "one thing that was looked at, for doctor", imports: [] },
  {
    name: "validation",
    holds: "schemas whose complaints name the thing, the value and the fix",
    imports: ["errors.ts", "text/nearest.ts"],
    packages: ["valibot", "leven"],
  },
  {
    name: "rules",
    holds: "paths, addresses, hosts: patterns, compiled matchers, the client's address",
    imports: ["errors.ts", "text/nearest.ts"],
    packages: ["re2js"],
  },
  {
    name: "state",
    holds: "the stored record: types, parse, serialise, upgrade",
    imports: ["errors.ts", "validation", "rules"],
    types: ["stores/store.ts"],
    packages: ["valibot"],
  },
  {
    name: "text",
    holds: "words for people: lists, quotes, names of sites",
    imports: ["state/site-record.ts"],
  },
  {
    name: "platform",
    holds: "what depends on the runtime: the default store, template files, diagnostics channels, the process",
    imports: [
      "errors.ts",
      "config/project-root.ts",
      "stores/file.ts",
      "telemetry/diagnostics.ts",
      "platform/process-identity.ts",
    ],
    types: ["stores/store.ts", "fleet"],
  },
  {
    name: "platform/process-identity.ts",
    holds: "identifies a process of this machine, and checks whether it is alive",
    imports: ["stores/file/error.ts"],
    types: ["fleet/row.ts"],
  },
  {
    name: "platform/crypto",
    holds: "the cryptography of the runtime, synchronous where it is",
    imports: [],
    packages: ["@noble/hashes"],
  },
  {
    name: "bypass",
    holds: "link tokens, bypass cookies, the limit of guesses",
    imports: ["errors.ts", "rules", CRYPTO],
  },
  { name: "schedule", holds: "what is active at an instant, and the next edge", imports: ["errors.ts", "state"] },
  {
    name: "engine",
    holds: "request facts, decide, response plan, the built-in page: pure",
    imports: ["errors.ts", "text/nearest.ts", "rules", "state", "schedule", "bypass"],
    types: ["clock.ts", "logger.ts", "stores/store.ts", "config"],
    packages: ["negotiator"],
  },
  {
    name: "stores/store.ts",
    holds: "the contract of a store",
    imports: [],
    types: ["state/actor.ts", "state/instant.ts", "finding.ts", "stores/members.ts"],
  },
  { name: "stores/members.ts", holds: "the contract of a list of processes", imports: [] },
  {
    name: "stores",
    holds: "where the state lives: they know id, version and text",
    imports: [
      ...BASE,
      "turn.ts",
      "finding.ts",
      "validation",
      "state/instant.ts",
      "state/actor.ts",
      "config/project-root.ts",
      "platform/process-identity.ts",
    ],
    types: ["stores/store.ts", "stores/members.ts", "fleet/row.ts"],
    packages: [
      "valibot",
      "kysely",
      "pg",
      "mysql2",
      "better-sqlite3",
      "redis",
      "ioredis",
      "@nats-io/kv",
      "@nats-io/jetstream",
      "@nats-io/transport-node",
      "aws4fetch",
    ],
  },
  { name: "config/project-root.ts", holds: "the root of the project on disk", imports: [] },
  {
    name: "config",
    holds: "options and their defaults, the configuration file",
    imports: [...BASE, "validation", "rules", "state", "config/project-root.ts", "node-version.ts"],
    types: ["engine", "fleet", "stores/store.ts"],
    packages: ["valibot"],
  },
  {
    name: "feed",
    holds: "owner of the current snapshot",
    imports: [...BASE, "turn.ts", "rules", "state", "schedule", "engine"],
    types: ["stores/store.ts", "config"],
  },
  {
    name: "fleet",
    holds: "the processes that follow a state: their rows, leases and work under way",
    imports: [...BASE, "validation", "rules", "state", "schedule", "engine"],
    types: ["stores/store.ts", "stores/members.ts", "config"],
    packages: ["valibot"],
  },
  {
    name: "gate-status.ts",
    holds: "what a gate says of itself",
    imports: ["errors.ts", "state", "engine"],
    types: ["feed", "fleet"],
  },
  {
    name: "telemetry",
    holds: "what a gate tells: events, diagnostics channels, metrics; filters for logs",
    imports: [...BASE, "rules", "state", "engine", "gate-status.ts", PLATFORM],
    types: ["feed"],
  },
  {
    name: "gate",
    holds: "what an application holds: feed and engine together; and what adapters read of it",
    imports: [
      ...BASE,
      "turn.ts",
      "rules",
      "state",
      "schedule",
      "bypass",
      "engine",
      "feed",
      "fleet",
      "config",
      "gate-status.ts",
      "telemetry",
      PLATFORM,
    ],
    types: ["stores/store.ts", "stores/members.ts"],
  },
  {
    name: "adapters",
    holds: "one file per framework: they translate, and never decide",
    imports: [
      ...BASE,
      "gate",
      "fleet/work.ts",
      "rules/addresses/client-address.ts",
      "rules/addresses/format.ts",
      "rules/hosts/host.ts",
      "rules/paths/normalize.ts",
      "rules/hosts/site-lookup.ts",
      "engine/answer/maintenance-header.ts",
      "engine/answer/plan-response.ts",
      "engine/answer/response-plan.ts",
      "engine/decide/request-facts.ts",
      "engine/answer/template.ts",
      "engine/decide/user-facts.ts",
      "state/site-record.ts",
    ],
    types: ["engine", "config", "state", "gate-status.ts", "fleet"],
  },
  {
    name: "client",
    holds: "for browsers and API clients: they know the answers, and nothing of the library",
    imports: [],
  },
  {
    name: "control",
    holds: "commands, applyCommand, the controller: the only writer",
    imports: [...BASE, "validation", "rules", "state", "schedule", "bypass", "fleet", "config", "text", PLATFORM],
    types: ["stores/store.ts", "stores/members.ts"],
    packages: ["valibot"],
  },
  {
    name: "control/scopes",
    holds: "sites that are closed while a function runs, by way of a gate",
    imports: [...BASE, "state", "control", "gate/internals.ts"],
    types: ["gate"],
  },
  {
    name: "index.ts",
    holds: "the public names",
    imports: [...BASE, "state", "config", "control", "gate", "stores/log/change.ts"],
    types: [
      "engine",
      "feed",
      "finding.ts",
      "fleet",
      "gate-status.ts",
      "stores/store.ts",
      "stores/members.ts",
      "telemetry",
    ],
  },
  {
    name: "admin",
    holds: "JSON API and the admin page, as one fetch handler",
    imports: [
      ...BASE,
      "validation",
      "rules",
      "state",
      "schedule",
      "bypass",
      "engine",
      "fleet",
      "control",
      "config",
      "gate",
      "gate-status.ts",
      "adapters/shared",
      "text",
      "#admin-assets",
      CRYPTO,
    ],
    types: ["stores/store.ts", "feed"],
    packages: ["valibot"],
  },
  {
    name: "admin/remote",
    holds: "a controller over the admin's API: what the command line uses with --url",
    imports: [
      ...BASE,
      "validation",
      "rules",
      "state",
      "fleet",
      "control",
      "text",
      "admin/schema/fleet.ts",
      "admin/schema/holds.ts",
      "admin/schema/remote-answers.ts",
      "admin/schema/wait.ts",
    ],
    types: ["stores/store.ts", "admin", "engine", "config", "gate-status.ts"],
    packages: ["valibot"],
  },
  {
    name: "cli",
    holds: "one file per command; bin.ts alone touches the process",
    imports: [
      ...BASE,
      "finding.ts",
      "validation",
      "rules",
      "state",
      "schedule",
      "bypass",
      "engine",
      "stores",
      "feed",
      "fleet",
      "control",
      "admin",
      "adapters/node.ts",
      "text",
      "config",
      "gate",
      "gate-status.ts",
      "platform/node.ts",
      "platform/process-identity.ts",
      "node-version.ts",
    ],
    packages: ["commander", "@clack/prompts", "temporal-polyfill"],
  },
  {
    name: "testing",
    holds: "published conformance suites and doubles; no test runner",
    imports: [
      ...BASE,
      "rules",
      "state",
      "schedule",
      "bypass",
      "engine",
      "stores",
      "feed",
      "fleet",
      "control",
      "config",
      "gate",
      "gate-status.ts",
      "adapters",
    ],
  },
];

/** Files, by the start of their path, that may import `node:` modules and use `process` or `Buffer`. */
export const NODE_ONLY: readonly string[] = [
  "stores/file",
  "stores/sqlite",
  "adapters/node",
  "cli/",
  "testing/",
  "config/config-file",
  "config/project-root",
  "platform/node.ts",
  "platform/crypto.node.ts",
  "platform/process-identity.ts",
];
/** Files that may use `node:` types, because frameworks on Node pass such values to their middleware. */
export const NODE_TYPES: readonly string[] = [...NODE_ONLY, "adapters/"];

export function areaOf(path: string): Area | undefined {
  return IMPORT_TABLE.filter((area) => isWithin(path, area.name)).sort((a, b) => b.name.length - a.name.length)[0];
}

/** Returns why `from` may not import `target` (a path in `src/` or a `#name`), or `undefined` if it may. */
export function refusal(from: string, target: string, typeOnly: boolean): string | undefined {
  const area = areaOf(from);
  if (area === undefined) return `${from} belongs to no area of the import table`;
  const own = areaOf(target);
  if (own === area || area.imports.some((name) => isWithin(target, name))) return undefined;
  const typesAllowed = (area.types ?? []).some((name) => isWithin(target, name));
  if (typesAllowed && typeOnly) return undefined;
  return `${from} (${area.name}) may not import ${typesAllowed ? "more than types of " : ""}${target}`;
}

function isWithin(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}/`) || path.startsWith(`${name}.`);
}
