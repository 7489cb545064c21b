import { systemClock } from "../clock.ts";
import type { CorsPolicy } from "../engine/answer/cors.ts";
import { MaintenanceError } from "../errors.ts";
import { defaultLogger, safeLogger } from "../logger.ts";
import { nodeTooOld } from "../node-version.ts";
import { compileTrustProxy } from "../rules/addresses/client-address.ts";
import type { AddressRule } from "../rules/addresses/matcher.ts";
import { ConfiguredSites } from "../rules/hosts/configured-sites.ts";
import { parseHost } from "../rules/hosts/host.ts";
import type { PathRule } from "../rules/paths/matcher.ts";
import { parseRedirect } from "../state/setting.ts";
import { ALL_SITES, type NewExemptAddress, type NewExemptPath } from "../state/site-record.ts";
import { validate } from "../validation/validate.ts";
import type { Branding, ExemptPathRule, LogOutPolicy, NormalOptions, Override, UserPolicy } from "./normal-options.ts";
import type { BrandingOptions, ExemptOptions, MaintenanceOptions, SiteOptions } from "./options.ts";
import { optionsSchema, parseKey, parseLine } from "./options-schema.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Source of the rules in the configuration. */
export const CONFIGURATION = "configuration";

/** RFC 8555 section 8.3. */
const WELL_KNOWN_PATHS = ["/.well-known/acme-challenge/*"];

/**
 * Adds all defaults and checks every value. Throws `ERR_INVALID_OPTION`, or the code of the rule that a value breaks, with the option, the
 * value and the fix; `ERR_NODE_TOO_OLD` on a Node.js that the package does not support.
 */
export function normalizeOptions(
  given: MaintenanceOptions = {},
  environment: Environment = currentEnvironment(),
): NormalOptions {
  const complaint = nodeTooOld();
  if (complaint !== null) throw new MaintenanceError("ERR_NODE_TOO_OLD", complaint);
  const options = withoutModule(given);
  validate(optionsSchema, options, "ERR_INVALID_OPTION", "the configuration");
  const { exempt = {}, readOnly = {} } = options;
  return {
    store: options.store ?? null,
    sites: normalizeSites(options.sites ?? {}),
    branding: brandingOf(options),
    siteBranding: siteBrandingOf(options),
    groups: options.groups ?? [],
    surfaces: options.surfaces ?? [],
    operatorPaths: toPathRules(options.operatorPaths),
    exempt: {
      paths: [
        ...(exempt.paths ?? []).map(exemptPath),
        ...exemptPaths("healthPaths", "health probes", exempt.healthPaths),
        ...exemptPaths("adminPaths", "operators", exempt.adminPaths),
        ...exemptPaths("wellKnownPaths", "certificate challenges", exempt.wellKnownPaths ?? WELL_KNOWN_PATHS),
      ],
      addresses: (exempt.addresses ?? []).map(exemptAddress),
      methods: new Set((exempt.methods ?? []).map((method) => method.toUpperCase())),
      users: normalizeUsers(exempt.users),
      testRun: exempt.tests === true && environment.NODE_ENV === "test",
    },
    keys: [...keysInEnvironment(environment), ...(options.keys ?? [])],
    secureCookies: options.secureCookies ?? true,
    readOnly: {
      reads: toPathRules(readOnly.reads),
      writes: toPathRules(readOnly.writes),
      classify: readOnly.classify?.bind(readOnly) ?? null,
    },
    response: {
      status: options.statusCode ?? 503,
      retryAfter: options.retryAfter ?? null,
      refresh: options.refresh ?? 0,
      redirect: options.redirect === undefined ? null : parseRedirect(options.redirect),
      type: options.responseType ?? null,
      jsonPaths: toPathRules(options.jsonPaths),
    },
    template: options.template ?? null,
    context: options.context?.bind(options) ?? null,
    respond: options.respond?.bind(options) ?? null,
    cors: normalizeCors(options.cors),
    clientAddress: options.clientAddress?.bind(options) ?? null,
    getUser: options.getUser?.bind(options) ?? null,
    logOut: normalizeLogOut(options.logOut),
    trustProxy: compileTrustProxy(options.trustProxy),
    override: findOverride(environment, options.override),
    whenNeverLoaded: whenNeverLoaded(options),
    fleet: options.fleet ?? "presence",
    label: labelInEnvironment(environment) ?? options.label ?? null,
    pollInterval: options.pollInterval ?? 2_000,
    startTimeout: options.startTimeout ?? 5_000,
    ignoreCase: options.ignoreCase ?? false,
    logger: safeLogger(options.logger ?? defaultLogger),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/** In CommonJS, `require("./maintenance.config.mjs")` returns the module; a configuration compiled to CommonJS has two nested defaults. */
function withoutModule(options: MaintenanceOptions): MaintenanceOptions {
  const inner: unknown = Object(options) === options ? Reflect.get(options, "default") : undefined;
  return typeof inner === "object" && inner !== null ? withoutModule(inner) : options;
}

function currentEnvironment(): Environment {
  return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

/** Throws for a key that is too short, without showing it. */
function keysInEnvironment({ MAINTENANCE_KEYS = "" }: Environment): readonly string[] {
  const keys = MAINTENANCE_KEYS.split(",")
    .map((key) => key.trim())
    .filter(Boolean);
  return keys.map(parseKey);
}

function labelInEnvironment({ MAINTENANCE_LABEL = "" }: Environment): string | null {
  return MAINTENANCE_LABEL.trim() === "" ? null : parseLine(MAINTENANCE_LABEL.trim());
}

function whenNeverLoaded(options: MaintenanceOptions): "open" | "closed" {
  if (options.fleet !== "strict") return options.whenNeverLoaded ?? "open";
  if (options.whenNeverLoaded !== "open") return "closed";
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    "the configuration, whenNeverLoaded: 'open' contradicts fleet: 'strict', which lets nothing in before the state is loaded.",
    { hint: "Leave out `whenNeverLoaded`, or set `fleet` to 'presence'." },
  );
}

function brandingOf({ name, contact, logo }: BrandingOptions): Branding {
  return { name: name ?? "", contact: contact ?? null, logo: logo ?? null };
}

/** A site with its own name does not inherit the common logo, which shows another name. */
function siteBrandingOf(options: MaintenanceOptions): ReadonlyMap<string, Branding> {
  const { contact, logo } = options;
  const own = Object.entries(options.sites ?? {}).filter(
    ([, site]) => (site.name ?? site.contact ?? site.logo) !== undefined,
  );
  return new Map(
    own.map(([id, site]) => {
      const common = site.name === undefined ? { name: options.name, logo, contact } : { contact };
      return [id, brandingOf({ ...common, ...site })];
    }),
  );
}

function normalizeSites(sites: Readonly<Record<string, SiteOptions>>): ConfiguredSites {
  const normal = new ConfiguredSites();
  for (const [id, site] of Object.entries(sites)) {
    const hosts = (site.hosts ?? []).map(parseHost);
    if (id === ALL_SITES && hosts.length > 0) {
      throw new MaintenanceError(
        "ERR_INVALID_OPTION",
        "the configuration, sites.*: '*' stands for all sites and has no hosts.",
        {
          hint: "Move the hosts to a site with its own id.",
        },
      );
    }
    const taken = normal.add(id, hosts);
    if (taken !== null) {
      throw new MaintenanceError(
        "ERR_INVALID_OPTION",
        `the configuration, sites: '${taken.owner}' and '${id}' both claim the host '${taken.host}'.`,
        {
          hint: "Leave the host to one of them.",
        },
      );
    }
  }
  return normal;
}

function normalizeCors(cors: MaintenanceOptions["cors"]): CorsPolicy | null {
  if (cors === undefined) return null;
  const origins = cors.origins === "*" ? ["*"] : cors.origins;
  if (cors.credentials === true && origins.includes("*")) {
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      "the configuration, cors.credentials: browsers refuse credentials with '*'.",
      {
        hint: "Name the origins, or leave out `credentials`.",
      },
    );
  }
  return { origins, credentials: cors.credentials ?? false };
}

/** Returns rules of the configuration, all with one description. */
export function toPathRules(patterns: readonly string[] = [], description = ""): readonly PathRule[] {
  return patterns.map((pattern) => ({ pattern, description, source: CONFIGURATION }));
}

function exemptPath(path: string | NewExemptPath): ExemptPathRule {
  const { pattern, description = "" } = typeof path === "string" ? { pattern: path } : path;
  return { pattern, description, source: CONFIGURATION, option: "paths" };
}

function exemptAddress(address: string | NewExemptAddress): AddressRule {
  const { range, description = "" } = typeof address === "string" ? { range: address } : address;
  return { range, description, source: CONFIGURATION };
}

/** Those for machines are for `GET` and `HEAD` only. */
function exemptPaths(
  option: Exclude<ExemptPathRule["option"], "paths">,
  description: string,
  patterns: readonly string[] = [],
): readonly ExemptPathRule[] {
  const onlyRetrieval = option !== "adminPaths";
  return toPathRules(patterns, description).map((rule) => ({
    ...rule,
    option,
    ...(onlyRetrieval && { onlyRetrieval }),
  }));
}

function normalizeLogOut(logOut: MaintenanceOptions["logOut"]): LogOutPolicy | null {
  if (logOut === undefined) return null;
  const { authenticated = false, staff = null, superuser = null } = logOut;
  if (!authenticated && !staff && !superuser) return null;
  return { authenticated, staff, superuser, end: logOut.end.bind(logOut) };
}

function normalizeUsers(users: ExemptOptions["users"]): UserPolicy | null {
  if (users === undefined) return null;
  const noUser = { anonymous: false, authenticated: false, staff: false, superuser: false, predicate: null };
  if (typeof users === "function") return { ...noUser, predicate: users };
  const { anonymous = false, authenticated = false, staff = false, superuser = false } = users;
  const any = anonymous || authenticated || staff || superuser;
  return any ? { anonymous, authenticated, staff, superuser, predicate: null } : null;
}

/** The environment variable that overrides every store: `on` or `off`. */
const OVERRIDE_VARIABLE = "MAINTENANCE_MODE";

/** Values that Django users know, besides `on` and `off`. */
const SETTINGS: Readonly<Record<string, "on" | "off" | undefined>> = Object.assign(Object.create(null), {
  on: "on",
  true: "on",
  yes: "on",
  "1": "on",
  off: "off",
  false: "off",
  no: "off",
  "0": "off",
});

/** The environment takes precedence over the code: in an emergency a variable is easier to change. */
function findOverride(
  environment: Readonly<Record<string, string | undefined>>,
  option: "on" | "off" | undefined,
): Override | null {
  const variable = environment[OVERRIDE_VARIABLE]?.trim() ?? "";
  if (variable !== "") {
    const setting = SETTINGS[variable.toLowerCase()];
    if (setting === undefined) {
      throw new MaintenanceError("ERR_INVALID_OPTION", `${OVERRIDE_VARIABLE} is '${variable}' in the environment.`, {
        hint: "Set it to 'on' or 'off' (or to 'true', 'yes', '1', 'false', 'no', '0'), or unset it.",
      });
    }
    return { mode: modeOf(setting), where: `${OVERRIDE_VARIABLE}=${variable} in the environment` };
  }
  return option === undefined ? null : { mode: modeOf(option), where: `override: "${option}" in the configuration` };
}

function modeOf(setting: "on" | "off"): "open" | "closed" {
  return setting === "on" ? "closed" : "open";
}
