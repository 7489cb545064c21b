import type { NormalOptions } from "../config/normal-options.ts";
import { CONFIGURATION } from "../config/normalize-options.ts";
import { compileAddressMatcher } from "../rules/address-matcher.ts";
import type { PathRule } from "../rules/path-matcher.ts";
import type { SiteRecord } from "../state/site-record.ts";
import { plain, quote } from "./quote.ts";

/** Who or what gets into a site while it is closed. */
export interface WayIn {
  readonly kind: "surface" | "address" | "path" | "method" | "link" | "user" | "test-run";
  /** As it is told: `address 10.0.0.0/8 (office)`. */
  readonly text: string;
  /** A person may come this way, and not just a machine that looks after the server. */
  readonly forPeople: boolean;
  /** Of an address: the range. */
  readonly range?: string;
}

/** What `normalizeOptions` calls the paths that only machines ask for. */
const MACHINES: readonly string[] = ["health probes", "certificate challenges"];

/** What gets into `record`'s site while it is closed; `all` is the record of `*`, whose exemptions count too. */
export function waysIn(record: SiteRecord, all: SiteRecord, options: NormalOptions): readonly WayIn[] {
  const surfaces = options.operatorPaths.map(({ pattern }) => person("surface", `the operators' ${pattern}`));
  if (record.lockdown) return surfaces;
  const { exempt } = options;
  const records = all.id === record.id ? [record] : [record, all];
  const addresses = [...exempt.addresses, ...records.flatMap(({ exemptions }) => exemptions.addresses)];
  const ways: readonly WayIn[] = [
    ...surfaces,
    ...addresses.map(({ range, description }) => ({
      ...person("address", `address ${range}${remark(description)}`),
      range,
    })),
    ...exempt.paths.map((rule) => ({ ...person("path", pathWords(rule)), forPeople: !isForMachines(rule) })),
    ...records.flatMap(({ exemptions }) => exemptions.paths.map((path) => person("path", pathWords(path)))),
    ...[...exempt.methods].map((method) => person("method", `method ${method}`)),
    ...records.flatMap(({ links }) => links.map(({ label }) => person("link", `link ${quote(label)}`))),
    ...userWays(options).map((text) => person("user", text)),
    ...(exempt.testRun ? [person("test-run", "this test run")] : []),
  ];
  return [...new Map(ways.map((way) => [way.text, way])).values()];
}

/** Whether closing this way leaves nobody a way in, and nothing of the site open. */
export function shutsEverybodyOut(record: SiteRecord, all: SiteRecord, options: NormalOptions): boolean {
  return isWhole(record) && !waysIn(record, all, options).some(({ forPeople }) => forPeople);
}

/** Whether it leaves none to a person at `address`: somebody else's address is no way in, and a path or two are not the site. */
export function shutsOut(
  address: string | undefined,
  record: SiteRecord,
  all: SiteRecord,
  options: NormalOptions,
): boolean {
  const letsIn = ({ kind, range }: WayIn): boolean =>
    kind === "address"
      ? address !== undefined && range !== undefined && isWithin(address, range)
      : kind === "link" || kind === "user" || kind === "test-run";
  const operators = !record.lockdown && options.exempt.paths.some(({ description }) => description === "operators");
  return isWhole(record) && !operators && !waysIn(record, all, options).some(letsIn);
}

function isWhole({ mode, paths }: SiteRecord): boolean {
  return mode === "closed" && paths.length === 0;
}

function isWithin(address: string, range: string): boolean {
  return compileAddressMatcher([{ range, description: "", source: "" }])?.match(address) === true;
}

function userWays({ exempt: { users } }: NormalOptions): readonly string[] {
  if (users === null) return [];
  const kinds = (["anonymous", "authenticated", "staff", "superuser"] as const).filter((kind) => users[kind]);
  const named = kinds.map((kind) => `${kind} users`);
  return users.predicate === null ? named : [...named, "users whom the configuration's function lets in"];
}

function person(kind: WayIn["kind"], text: string): WayIn {
  return { kind, text, forPeople: true };
}

function isForMachines({ source, description }: PathRule): boolean {
  return source === CONFIGURATION && MACHINES.includes(description);
}

function pathWords({ pattern, description }: Pick<PathRule, "pattern" | "description">): string {
  return `path ${pattern}${remark(description)}`;
}

function remark(description: string): string {
  return description === "" ? "" : ` (${plain(description)})`;
}
