import { type AddressMatcher, compileAddressMatcher } from "../../rules/addresses/matcher.ts";
import { compilePathMatcher, type PathMatcher } from "../../rules/paths/matcher.ts";
import { recordAt, type Timetable } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Mode } from "../../state/mode.ts";
import type { Exemptions, SiteRecord } from "../../state/site-record.ts";
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

/** One compiled record, ready for requests. Small, since there may be 100,000 of them. */
export class CompiledSite implements Timetable {
  /** The record as it applies now: without the settings of a closure that has ended. */
  readonly record: SiteRecord;
  /** The record as it is stored. */
  readonly stored: SiteRecord;
  readonly rules: SiteRules;
  readonly #end: number | null;
  #answers: Map<string, PreparedAnswer[]> | null = null;

  constructor(record: SiteRecord, stored: SiteRecord, rules: SiteRules) {
    this.record = record;
    this.stored = stored;
    this.rules = rules;
    this.#end = record.until === null ? null : parseInstant(record.until);
  }

  get id(): string {
    return this.record.id;
  }

  get mode(): Mode {
    return this.record.mode;
  }

  get until(): number {
    return this.#end ?? Number.POSITIVE_INFINITY;
  }

  /** `null` if there are none. */
  get links(): CompiledLinks | null {
    return this.rules.links;
  }

  /** Answers to blocked requests in these languages, prepared when first needed. */
  answersIn(languages: string): PreparedAnswer[] {
    this.#answers ??= new Map();
    let answers = this.#answers.get(languages);
    if (answers === undefined) {
      answers = [];
      this.#answers.set(languages, answers);
    }
    return answers;
  }
}

export function compileSite(stored: SiteRecord, ignoreCase: boolean, now: number): CompiledSite {
  const record = recordAt(stored, now);
  return new CompiledSite(record, stored, hasRules(record) ? compileRules(record, ignoreCase) : NO_RULES);
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
