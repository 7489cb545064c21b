import { type AddressMatcher, compileAddressMatcher } from "../../rules/addresses/matcher.ts";
import { compilePathMatcher, type PathMatcher } from "../../rules/paths/matcher.ts";
import { openRecordAgain, type Timetable } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Mode } from "../../state/mode.ts";
import { ALL_SITES, type Exemptions, NONE, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { PreparedAnswer } from "../answer/prepared-answer.ts";
import { type CompiledLinks, compileLinks } from "./compiled-links.ts";

/** The rules of a record for requests, compiled. `null` if there are none. */
export interface SiteRules {
  /** `null` for the whole site. */
  readonly scope: PathMatcher | null;
  readonly exemptPaths: PathMatcher | null;
  readonly exemptAddresses: AddressMatcher | null;
  /** Rules that apply only while nothing but this site is closed. */
  readonly limited: Pick<SiteRules, "exemptPaths" | "exemptAddresses"> | null;
  readonly links: CompiledLinks | null;
}

const NO_RULES: SiteRules = { scope: null, exemptPaths: null, exemptAddresses: null, limited: null, links: null };

/** The members of a compiled site beyond the least: few of 100,000 sites have them. */
interface More {
  /** The members that differ from the default, without the least. */
  readonly members: Partial<SiteRecord>;
  readonly until: number;
  readonly rules: SiteRules;
  /** The record as it is stored; `null` if that is the one that applies. */
  readonly stored: SiteRecord | null;
  record: SiteRecord | null;
  answers: Map<string, PreparedAnswer[]> | null;
}

/** Number of hosts up to which a list is searched from its start. */
const MAX_LISTED = 16;
const LEAST: ReadonlySet<string> = new Set(["id", "hosts", "mode", "version"]);
const { id: _id, hosts: _hosts, mode: _mode, version: _version, ...DEFAULTS } = openRecord(ALL_SITES);

/**
 * One compiled record, ready for requests. Small, since there may be 100,000 of them: a record whose other members are the default takes
 * five members, and its record is made when it is read.
 */
export class CompiledSite implements Timetable {
  readonly id: string;
  readonly mode: Mode;
  readonly version: number;
  /** One host is held without a list, and many in a set. */
  readonly #hosts: string | readonly string[] | ReadonlySet<string>;
  #more: More | null;

  constructor(record: SiteRecord, more: Omit<More, "members" | "record" | "answers">) {
    this.id = record.id;
    this.mode = record.mode;
    this.version = record.version;
    const { hosts } = record;
    this.#hosts = hosts.length === 1 ? (hosts[0] ?? NONE) : hosts.length > MAX_LISTED ? new Set(hosts) : hosts;
    const members = membersOf(record);
    const isLeast = members === null && more.rules === NO_RULES && more.stored === null;
    this.#more = isLeast ? null : { ...more, members: members ?? {}, record: null, answers: null };
  }

  get hosts(): readonly string[] {
    return typeof this.#hosts === "string" ? [this.#hosts] : [...this.#hosts];
  }

  hasHost(host: string): boolean {
    if (typeof this.#hosts === "string") return this.#hosts === host;
    return this.#hosts instanceof Set ? this.#hosts.has(host) : [...this.#hosts].includes(host);
  }

  /** When it opens automatically, in epoch milliseconds; `Infinity` if it does not. */
  get until(): number {
    return this.#more?.until ?? Number.POSITIVE_INFINITY;
  }

  get lockdown(): boolean {
    return this.#more?.members.lockdown ?? false;
  }

  get rules(): SiteRules {
    return this.#more?.rules ?? NO_RULES;
  }

  /** `null` if there are none. */
  get links(): CompiledLinks | null {
    return this.rules.links;
  }

  /** The record as it applies now: without the settings of a closure that has ended. */
  get record(): SiteRecord {
    if (this.#more === null) return this.#recordWith(null);
    this.#more.record ??= this.#recordWith(this.#more.members);
    return this.#more.record;
  }

  /** The record as it is stored. */
  get stored(): SiteRecord {
    return this.#more?.stored ?? this.record;
  }

  /** Whether both have the same stored record. */
  isLike(other: CompiledSite): boolean {
    if (this.version !== other.version || this.mode !== other.mode) return false;
    if (this.#more === null && other.#more === null && this.#hosts === other.#hosts) return true;
    return JSON.stringify(this.stored) === JSON.stringify(other.stored);
  }

  /** Answers to blocked requests in these languages, prepared when first needed. */
  answersIn(languages: string): PreparedAnswer[] {
    this.#more ??= { ...NOTHING_MORE, members: {}, record: null, answers: null };
    this.#more.answers ??= new Map();
    let answers = this.#more.answers.get(languages);
    if (answers === undefined) {
      answers = [];
      this.#more.answers.set(languages, answers);
    }
    return answers;
  }

  #recordWith(members: Partial<SiteRecord> | null): SiteRecord {
    const { id, hosts, mode, version } = this;
    return { ...openRecord(id), ...members, hosts, mode, version };
  }
}

/** Returns the members that differ from the default, or that a later release has added; `null` if there are none. */
function membersOf(record: SiteRecord): Partial<SiteRecord> | null {
  let members: Record<string, unknown> | null = null;
  for (const key in record) {
    const value = record[key as keyof SiteRecord];
    if (value === DEFAULTS[key as keyof typeof DEFAULTS] || LEAST.has(key)) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    members ??= {};
    members[key] = value;
  }
  return members;
}

const NOTHING_MORE = { until: Number.POSITIVE_INFINITY, rules: NO_RULES, stored: null };

/** Compiles a record as it is stored, also if its closure has ended: see `siteAt`. */
export function compileSite(record: SiteRecord, ignoreCase: boolean): CompiledSite {
  const until = record.until === null ? Number.POSITIVE_INFINITY : parseInstant(record.until);
  const rules = hasRules(record) ? compileRules(record, ignoreCase) : NO_RULES;
  return new CompiledSite(record, { until, rules, stored: null });
}

/** Returns the site as it applies at `now`: the same object if its closure has not ended. */
export function siteAt(site: CompiledSite, now: number, ignoreCase: boolean): CompiledSite {
  if (site.mode === "open" || now < site.until) return site;
  const { stored } = site;
  const record = openRecordAgain(stored);
  const rules = hasRules(record) ? compileRules(record, ignoreCase) : NO_RULES;
  return new CompiledSite(record, { until: Number.POSITIVE_INFINITY, rules, stored });
}

function hasRules({ paths, exemptions, links }: SiteRecord): boolean {
  return paths.length + exemptions.paths.length + exemptions.addresses.length + links.length > 0;
}

function compileRules(record: SiteRecord, ignoreCase: boolean): SiteRules {
  const source = record.id;
  return {
    scope: compilePathMatcher(
      record.paths.map((pattern) => ({ pattern, description: "", source })),
      { ignoreCase, lenient: true },
    ),
    ...compileExemptions(record, ignoreCase, false),
    limited: hasLimited(record.exemptions) ? compileExemptions(record, ignoreCase, true) : null,
    links: compileLinks(record),
  };
}

function compileExemptions(
  { id: source, exemptions: { paths, addresses } }: SiteRecord,
  ignoreCase: boolean,
  wanted: boolean,
): Pick<SiteRules, "exemptPaths" | "exemptAddresses"> {
  const rules = <Item extends { readonly limited?: boolean }>(items: readonly Item[]) =>
    items.filter(({ limited = false }) => limited === wanted).map((item) => ({ ...item, source }));
  return {
    exemptPaths: compilePathMatcher(rules(paths), { ignoreCase }),
    exemptAddresses: compileAddressMatcher(rules(addresses)),
  };
}

function hasLimited({ paths, addresses }: Exemptions): boolean {
  return [...paths, ...addresses].some(({ limited }) => limited === true);
}
