import type { Environment } from "../../src/config/normalize-options.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import type { RequestFacts } from "../../src/engine/decide/request-facts.ts";
import { openRecord, type SiteRecord } from "../../src/state/site-record.ts";
import { holdsAddress } from "./reference-address.ts";
import { findPresented } from "./reference-bypass.ts";
import { anyHoldsPath, anyMayHoldPath, readPath } from "./reference-path.ts";

/** Everything that a decision may depend on, as users write it: nothing is compiled or filled in. */
export interface Situation {
  /** The stored records, by site id. */
  readonly records: Readonly<Record<string, Partial<SiteRecord>>>;
  readonly options: MaintenanceOptions;
  readonly environment: Environment;
  /** Whether the store has never answered. */
  readonly neverLoaded: boolean;
  readonly now: number;
}

export interface ReferenceDecision {
  readonly outcome: "allow" | "admit" | "block" | "defer";
  /** The reason of the outcome; for `defer`, the fact that is needed. */
  readonly reason: string;
  /** The closed site that determines the decision, if there is one. */
  readonly site: string | null;
}

/** The safe methods of the IANA registry. */
const SAFE = ["GET", "HEAD", "OPTIONS", "PROPFIND", "QUERY", "REPORT", "SEARCH", "TRACE"];

const EXEMPTIONS = ["test-run", "address", "path", "method", "redirect-target", "bypass-link", "bypass-cookie", "user"];

/** Stays open unless it is configured otherwise, so that certificates can be renewed. */
const ACME = ["/.well-known/acme-challenge/*"];

/** Decides for each host that the request names, and returns the strictest of these decisions. */
export function referenceDecision(facts: RequestFacts, situation: Situation): ReferenceDecision {
  const decisions = [facts.host, ...facts.otherHosts].map((host) => decisionAt(host, facts, situation));
  const isBypass = ({ reason }: ReferenceDecision): boolean => EXEMPTIONS.includes(reason);
  const order: ((decision: ReferenceDecision) => boolean)[] = [
    ({ outcome }) => outcome === "block",
    ({ outcome }) => outcome === "defer",
    ({ outcome }) => outcome === "admit",
    isBypass,
    () => true,
  ];
  for (const isSo of order) {
    const found = decisions.find(isSo);
    if (found !== undefined) return found;
  }
  throw new Error("A request always has a decision.");
}

/** Follows "The order of deciding" in docs/concepts.md, step by step. */
function decisionAt(host: string | undefined, facts: RequestFacts, situation: Situation): ReferenceDecision {
  const { options, environment } = situation;
  const ignoreCase = options.ignoreCase ?? false;
  const { exempt = {}, readOnly = {} } = options;
  const holds = (patterns: readonly string[] | undefined, path: string | null): boolean =>
    anyHoldsPath(patterns ?? [], path, ignoreCase);
  const path = readPath(facts.target);
  const all = recordOf("*", situation);
  const owner = siteOf(host, situation);
  const site = owner === "any" ? null : owner;
  const allow = (reason: string, by: SiteRecord | null = null): ReferenceDecision => ({
    outcome: "allow",
    reason,
    site: by?.id ?? null,
  });

  // 1. Operator surfaces.
  if (holds(options.operatorPaths, path)) return allow("operator-surface");

  // 2. Marked routes.
  if (facts.route === "forced-open" && path !== null) return allow("route-forced-open");
  if (facts.route === "forced-closed") {
    return { outcome: "block", reason: "route-forced-closed", site: (site ?? all).id };
  }

  // 3. The override, and the result for a state that was never loaded.
  const override = environment.MAINTENANCE_MODE ?? options.override;
  if (override === "off") return allow("override-open");
  if (override === undefined && situation.neverLoaded && options.whenNeverLoaded !== "closed") return allow("open");

  // 4. The mode in force.
  let reason = "mode";
  let speaker: SiteRecord = { ...all, mode: "closed" };
  let lockdown = false;
  /** The closed records that affect this request. Empty if the override or a state that was never loaded closes the site. */
  let closing: readonly SiteRecord[] = [];
  if (override === "on") reason = "override-closed";
  else if (situation.neverLoaded) reason = "never-loaded";
  else {
    const groups = (options.groups ?? []).map((id) => recordOf(id, situation));
    const mine = [...(site === null ? [] : [site]), ...groups, all].filter(({ mode }) => mode !== "open");
    // A host that cannot be parsed may belong to any site.
    const others = owner === "any" ? withHosts(situation).filter(({ mode }) => mode !== "open") : [];
    const closed = [...mine, ...others];
    const affecting = [...mine.filter(({ paths }) => paths.length === 0 || anyMayHoldPath(paths, path)), ...others];
    const [strictest] = ["closed", "paused", "read-only"].flatMap((mode) => affecting.filter((it) => it.mode === mode));
    if (strictest === undefined) return allow(closed.length > 0 ? "out-of-scope" : "open");
    speaker = strictest;
    closing = affecting;
    lockdown = affecting.some((it) => it.lockdown);
  }
  if (speaker.mode === "read-only") {
    if (SAFE.includes(methodOf(facts))) {
      const { writes = [] } = readOnly;
      if (writes.length === 0 || !anyMayHoldPath(writes, path)) return allow("safe-method", speaker);
    } else if (holds(readOnly.reads, path)) {
      return allow("read-path", speaker);
    } else if (readOnly.classify !== undefined) {
      if (facts.operation === undefined) return { outcome: "defer", reason: "operation", site: speaker.id };
      if (facts.operation === "read") return allow("read-operation", speaker);
    }
  }
  const block = (because: string): ReferenceDecision => ({ outcome: "block", reason: because, site: speaker.id });

  // 5. Lockdown.
  if (lockdown) return block("lockdown");

  // 6. Exemptions of the site, its groups, `*` and the configuration. A limited exemption counts only if no other site is closed for the
  // request.
  const isAlone = ({ id }: SiteRecord): boolean =>
    owner !== "any" && closing.every((one) => one.id === id) && closing.length > 0;
  const counting = (of: SiteRecord) => (one: { readonly limited?: boolean }) => one.limited !== true || isAlone(of);
  const groups = (situation.options.groups ?? []).map((id) => recordOf(id, situation));
  const records = [...(site === null || site.id === "*" ? [] : [site]), ...groups, all];
  if (exempt.tests === true && environment.NODE_ENV === "test") return allow("test-run", speaker);
  const ranges = [
    ...(exempt.addresses ?? []).map((one) => (typeof one === "string" ? one : one.range)),
    ...records.flatMap((it) => it.exemptions.addresses.filter(counting(it)).map(({ range }) => range)),
  ];
  if (ranges.some((range) => holdsAddress(range, facts.address))) return allow("address", speaker);
  const challenges = path?.toLowerCase().split("/").slice(1, 3).join("/") === ".well-known/acme-challenge";
  const isChallenge = path !== null && /^[a-z0-9_-]+$/i.test(path.split("/").slice(3).join("/"));
  const isRetrieval = ["GET", "HEAD"].includes(methodOf(facts));
  const forRetrieval = [exempt.healthPaths, exempt.wellKnownPaths ?? ACME].flat();
  const configured = [
    ...(exempt.paths ?? []).map((one) => (typeof one === "string" ? one : one.pattern)),
    ...(exempt.adminPaths ?? []),
    ...(isRetrieval && (isChallenge || !challenges) ? forRetrieval : []),
  ];
  const recorded = records.flatMap((it) => it.exemptions.paths.filter(counting(it)).map(({ pattern }) => pattern));
  if (
    holds(
      [...configured, ...recorded].filter((it) => it !== undefined),
      path,
    )
  )
    return allow("path", speaker);
  if (exempt.methods?.some((method) => method.toUpperCase() === methodOf(facts))) return allow("method", speaker);
  const ownRedirect = speaker.response.redirect;
  const reachesRedirect = isRetrieval && (ownRedirect === null || isAlone(speaker));
  if (reachesRedirect && isWhereTheBlockedAreSent(facts, path, ownRedirect ?? options.redirect, situation)) {
    return allow("redirect-target", speaker);
  }
  const presented = findPresented(
    {
      target: facts.target,
      cookieHeader: facts.header("cookie"),
      cookieName: options.secureCookies === false ? "maintenance-bypass" : "__Host-maintenance-bypass",
      keys: [...(environment.MAINTENANCE_KEYS?.split(",") ?? []), ...(options.keys ?? [])],
      now: situation.now,
    },
    records.map((it) => ({ ...it, links: it.links.filter(counting(it)) })),
  );
  if (presented === "bypass-link" && ["GET", "HEAD"].includes(facts.method)) {
    return { outcome: "admit", reason: presented, site: speaker.id };
  }
  if (presented !== null) return allow(presented, speaker);
  const user = userExemption(facts, options, speaker.mode === "read-only");
  if (user === "unknown") return { outcome: "defer", reason: "user", site: speaker.id };
  if (user) return allow("user", speaker);

  // 7. All other requests.
  return block(reason);
}

/** Returns the record of a site as it applies now: after its end a site is open, with the settings from before the closure. */
function recordOf(id: string, { records, neverLoaded, now }: Situation): SiteRecord {
  if (neverLoaded) return openRecord(id);
  const record: SiteRecord = { ...openRecord(id), ...records[id] };
  if (record.mode === "open" || record.until === null || now < Date.parse(record.until)) return record;
  return { ...record, ...record.restore, mode: "open", until: null, restore: null };
}

/**
 * Returns the site of a host. An exact name takes precedence over a wildcard, and a longer wildcard over a shorter one. A host that cannot
 * be parsed may belong to any site.
 */
function siteOf(hostHeader: string | undefined, situation: Situation): SiteRecord | "any" | null {
  if (hostHeader === undefined || hostHeader === "") return null;
  const host = readHost(hostHeader);
  if (host === null) return withHosts(situation).length === 0 ? null : "any";
  const [found] = hostsOf(situation)
    .filter(({ name }) => name === host || (name.startsWith("*.") && host.endsWith(name.slice(1))))
    .sort((a, b) => Number(b.name === host) - Number(a.name === host) || b.name.length - a.name.length);
  return found === undefined ? null : recordOf(found.id, situation);
}

function withHosts(situation: Situation): readonly SiteRecord[] {
  return [...new Set(hostsOf(situation).map(({ id }) => id))].map((id) => recordOf(id, situation));
}

function hostsOf(situation: Situation): readonly { readonly id: string; readonly name: string }[] {
  const configured = Object.entries(situation.options.sites ?? {}).flatMap(([id, { hosts = [] }]) =>
    hosts.map((name) => ({ id, name })),
  );
  const ids = situation.neverLoaded ? [] : Object.keys(situation.records);
  const recorded = ids.flatMap((id) => recordOf(id, situation).hosts.map((name) => ({ id, name })));
  return [...configured, ...recorded];
}

/** Returns the host in lower case, without its port and trailing dot; an IPv6 address in canonical form. `null` if it is invalid. */
function readHost(header: string | undefined): string | null {
  const host = header?.toLowerCase().replace(/:\d{0,5}$/, "") ?? "";
  if (host.startsWith("[")) return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
  const name = host.replace(/\.$/, "");
  if (!/^[a-z0-9_-][a-z0-9_.-]*$/.test(name) || name.endsWith(".")) return null;
  // To a URL parser, a name that ends in a number is an IPv4 address or invalid.
  const last = name.split(".").at(-1) ?? "";
  const isNumber = /^\d+$/.test(last) || /^0x[0-9a-f]*$/.test(last);
  return isNumber && !(URL.canParse(`http://${name}`) && new URL(`http://${name}`).hostname === name) ? null : name;
}

/** Returns the method, or `unclear` if the application may replace it by another. */
function methodOf({ method, header }: RequestFacts): string {
  const others = ["x-http-method-override", "x-http-method", "x-method-override"].map((name) => header(name) ?? method);
  return others.every((other) => other.toUpperCase() === method) ? method : "unclear";
}

function isWhereTheBlockedAreSent(
  facts: RequestFacts,
  path: string | null,
  redirect: string | undefined,
  situation: Situation,
): boolean {
  if (redirect === undefined || path === null) return false;
  const { hostname, pathname } = new URL(redirect, "http://here.invalid");
  // A trailing slash makes no difference.
  const ends = [path, path.replace(/(?<=.)\/$/, ""), `${path}/`];
  if (!ends.includes(readPath(pathname) ?? "unclear")) return false;
  if (redirect.startsWith("/")) return true;
  const names = [facts.host, ...facts.otherHosts].map(readHost);
  return siteOf(hostname, situation) !== null && names.every((name) => name === readHost(hostname));
}

function userExemption(
  { user }: RequestFacts,
  { exempt = {}, logOut = { end: () => undefined } }: MaintenanceOptions,
  isReadOnly: boolean,
): boolean | "unknown" {
  const { users = {} } = exempt;
  const kinds = typeof users === "function" ? null : users;
  const exemptsSome = kinds === null || Object.values(kinds).includes(true);
  const logsOutSome = [logOut.authenticated, logOut.staff, logOut.superuser].includes(true);
  if (!exemptsSome && !logsOutSome) return false;
  if (user === undefined) return "unknown";
  if (!exemptsSome) return false;
  const isLoggedOut =
    (user.superuser ? logOut.superuser : undefined) ??
    (user.staff ? logOut.staff : undefined) ??
    (user.authenticated && logOut.authenticated === true);
  if (isLoggedOut && !isReadOnly) return kinds?.anonymous === true;
  if (user.exempt || kinds === null) return user.exempt;
  return (
    (kinds.anonymous === true && !user.authenticated) ||
    (kinds.authenticated === true && user.authenticated) ||
    (kinds.staff === true && user.staff) ||
    (kinds.superuser === true && user.superuser)
  );
}
