import { type AddressMatcher, compileAddressMatcher } from "../rules/address-matcher.ts";
import { compilePathMatcher, type PathMatcher } from "../rules/path-matcher.ts";
import type { Timetable } from "../schedule/active-mode.ts";
import { recordAt } from "../schedule/ended-closure.ts";
import { parseInstant } from "../state/instant.ts";
import type { SiteRecord } from "../state/site-record.ts";
import { type CompiledLinks, compileLinks } from "./compiled-links.ts";
import type { PreparedAnswer } from "./prepared-answer.ts";

/** One record, compiled: everything that a request may ask of it is ready. */
export interface CompiledSite extends Timetable {
  readonly id: string;
  /** What it says now: without what a closure had brought that has ended. */
  readonly record: SiteRecord;
  /** As it is stored: while this is the same object, and `record` too, nothing has changed. */
  readonly stored: SiteRecord;
  /** `null`: the whole site. */
  readonly scope: PathMatcher | null;
  readonly exemptPaths: PathMatcher | null;
  readonly exemptAddresses: AddressMatcher | null;
  readonly lockdown: boolean;
  /** `null`: there are none. */
  readonly links: CompiledLinks | null;
  /** What the blocked are answered, by type and language: filled as they are first asked for. */
  readonly answers: Map<string, PreparedAnswer>;
}

export function compileSite(stored: SiteRecord, ignoreCase: boolean, now: number): CompiledSite {
  const record = recordAt(stored, now);
  const source = record.id;
  const { paths, addresses } = record.exemptions;
  return {
    id: record.id,
    record,
    stored,
    mode: record.mode,
    until: record.until === null ? Number.POSITIVE_INFINITY : parseInstant(record.until),
    scope: compilePathMatcher(
      record.paths.map((pattern) => ({ pattern, description: "", source })),
      { ignoreCase },
    ),
    exemptPaths: compilePathMatcher(
      paths.map((path) => ({ ...path, source })),
      { ignoreCase },
    ),
    exemptAddresses: compileAddressMatcher(addresses.map((address) => ({ ...address, source }))),
    lockdown: record.lockdown,
    links: compileLinks(record),
    answers: new Map(),
  };
}
