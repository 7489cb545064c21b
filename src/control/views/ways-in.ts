import type { ExemptPathRule, NormalOptions } from "../../config/normal-options.ts";
import { CONFIGURATION } from "../../config/normalize-options.ts";
import { formatAddressRange } from "../../rules/addresses/format.ts";
import { compileAddressMatcher } from "../../rules/addresses/matcher.ts";
import { parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import { plain, quote } from "../../text/quote.ts";

/** A rule that lets requests into a site while it is closed. */
export interface WayIn {
  readonly kind: "surface" | "address" | "path" | "method" | "link" | "user" | "test-run";
  /** As written: `10.0.0.0/8`, `/healthz`, `GET`, `staff`; for a link, its label. */
  readonly rule: string;
  readonly description: string;
  /** `configuration`, or the site whose record contains it. */
  readonly source: string;
}

/** Stands for the function of the configuration that says which users get in. */
const PREDICATE = "function";

/**
 * Returns the rules that let requests into `record`'s site while it is closed. `forAll` are the records that apply to every site: of the
 * groups, then of `*`. The configuration's rules come first. In lockdown only the operators' surfaces remain.
 */
export function waysIn(record: SiteRecord, forAll: readonly SiteRecord[], options: NormalOptions): readonly WayIn[] {
  const { exempt } = options;
  const configured = (kind: WayIn["kind"], rule: string, description = ""): WayIn => {
    return { kind, rule, description, source: CONFIGURATION };
  };
  const surfaces = options.operatorPaths.map(({ pattern }) => configured("surface", pattern, "operators"));
  const others = forAll.filter(({ id }) => id !== record.id);
  if (record.lockdown || others.some(({ lockdown, mode }) => lockdown && mode !== "open")) return surfaces;
  return [
    ...surfaces,
    ...exempt.addresses.map(({ range, description }) => configured("address", range, description)),
    ...exempt.paths.map(({ pattern, description }) => configured("path", pattern, description)),
    ...[...exempt.methods].map((method) => configured("method", method)),
    ...userKinds(options).map((kind) => configured("user", kind)),
    ...(exempt.testRun ? [configured("test-run", "NODE_ENV=test")] : []),
    ...[record, ...others].flatMap((one) => {
      const alone = [record, ...others].every((other) => other === one || other.mode === "open");
      return waysOfRecord(alone ? one : withoutLimited(one), options.clock.now());
    }),
  ];
}

/** Returns the record without limited rules, which do not apply while another closure applies to the site too. */
function withoutLimited(record: SiteRecord): SiteRecord {
  const full = <Item extends { readonly limited?: boolean }>(items: readonly Item[]) =>
    items.filter(({ limited }) => limited !== true);
  const { paths, addresses } = record.exemptions;
  const exemptions = { paths: full(paths), addresses: full(addresses) };
  return { ...record, exemptions, links: full(record.links) };
}

/** Returns the rules of the record alone, as they apply without a lockdown. Expired links are left out. */
export function waysOfRecord({ id, exemptions, links }: SiteRecord, now: number): readonly WayIn[] {
  const usable = links.filter(({ expires }) => expires === null || parseInstant(expires) > now);
  return [
    ...exemptions.addresses.map(({ range, description }) => {
      return { kind: "address" as const, rule: range, description, source: id };
    }),
    ...exemptions.paths.map(({ pattern, description }) => {
      return { kind: "path" as const, rule: pattern, description, source: id };
    }),
    ...usable.map(({ label }) => ({ kind: "link" as const, rule: label, description: "", source: id })),
  ];
}

/** Returns `address 10.0.0.0/8 (office)`; for a rule that is not in the record of `site`, also where it is set. */
export function wayInWords({ kind, rule, description, source }: WayIn, site: string): string {
  const what = {
    surface: `the operators' ${rule}`,
    address: `address ${formatAddressRange(rule)}`,
    path: `path ${rule}`,
    method: `method ${rule}`,
    link: `link ${quote(rule)}`,
    user: rule === PREDICATE ? "users that the configuration's function lets in" : `${rule} users`,
    "test-run": `every request of this test run (${rule})`,
  };
  const remarks = [
    ...(source === site ? [] : [source === CONFIGURATION ? CONFIGURATION : `of ${source}`]),
    ...(description === "" || kind === "surface" ? [] : [plain(description)]),
  ];
  return `${what[kind]}${remarks.length === 0 ? "" : ` (${remarks.join(": ")})`}`;
}

/** Whether the rule lets people in, and not only health probes and certificate challenges. */
export function isForPeople(way: WayIn, options: NormalOptions): boolean {
  const { kind, source } = way;
  return kind !== "path" || source !== CONFIGURATION || isOfOption(way, options, ["paths", "adminPaths"]);
}

/** Whether one of these options of the configuration contains the path. */
function isOfOption(
  { kind, rule, source }: WayIn,
  { exempt }: NormalOptions,
  options: readonly ExemptPathRule["option"][],
): boolean {
  if (kind !== "path" || source !== CONFIGURATION) return false;
  return exempt.paths.some(({ pattern, option }) => pattern === rule && options.includes(option));
}

/** Whether the whole site is closed and no rule lets people in. */
export function shutsEverybodyOut(record: SiteRecord, forAll: readonly SiteRecord[], options: NormalOptions): boolean {
  return isWhole(record) && !waysIn(record, forAll, options).some((way) => isForPeople(way, options));
}

/** Whether the whole site is closed and no rule lets a person at `address` in. Other addresses do not count, nor do single paths. */
export function shutsOut(
  address: string | undefined,
  record: SiteRecord,
  forAll: readonly SiteRecord[],
  options: NormalOptions,
): boolean {
  const letsIn = (way: WayIn): boolean =>
    way.kind === "address"
      ? address !== undefined && isWithin(address, way.rule)
      : ["link", "user", "test-run"].includes(way.kind) || isOfOption(way, options, ["adminPaths"]);
  return isWhole(record) && !waysIn(record, forAll, options).some(letsIn);
}

function isWhole({ mode, paths }: SiteRecord): boolean {
  return mode === "closed" && paths.length === 0;
}

function isWithin(address: string, range: string): boolean {
  return compileAddressMatcher([{ range, description: "", source: "" }])?.match(address) === true;
}

function userKinds({ exempt: { users } }: NormalOptions): readonly string[] {
  if (users === null) return [];
  const kinds = (["anonymous", "authenticated", "staff", "superuser"] as const).filter((kind) => users[kind]);
  return users.predicate === null ? kinds : [...kinds, PREDICATE];
}
