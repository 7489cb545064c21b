import { maxLimitedInstructions, maxLimitedItems } from "../../control/apply/limit-record.ts";
import { instructionsOf, REGEXP_PREFIX } from "../../rules/linear-regexp.ts";
import { serializeSiteRecord } from "../../state/serialize-site-record.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { AdminContext } from "../admin-context.ts";
import { requireLimitedBody } from "../http/parse-json.ts";
import { badRequest, type RefusedRequest } from "../http/problem.ts";

// A request of a limited caller changes all of its sites at once, while other requests wait. These limits keep that below 50 ms.

/** Number of sites: each costs some 0.15 ms, however small its record is. */
const MAX_LIMITED_SITES = 100;
/** Characters of the records, and of what is sent for each: some 0.3 µs each to read, write and compile. */
const MAX_LIMITED_CHARACTERS = 98_304;
/** Items of all lists, in the records and sent for each: a pattern or a range is parsed five times, some 2 µs each. */
const MAX_LIMITED_ITEMS = 1_000;
/** Share of these limits that a request may send. The rest is kept for the other members, so that one request can open what one closed. */
const SENT_SHARE = 1 / 2;
/** Instructions of the different regular expressions: the first of a process take some 50 µs per instruction to compile. */
const MAX_LIMITED_INSTRUCTIONS = 500;

/**
 * Limits the request of a limited caller for `sites`. Runs before the validation, which would check each item. A change of one site is
 * limited by the resulting record.
 * @throws a refusal with 422
 */
export function requireAllowedSize({ gate }: AdminContext, body: unknown, sites: readonly string[]): void {
  const isChange = typeof body === "object" && body !== null;
  if (isChange && sites.length > MAX_LIMITED_SITES) {
    throw tooMuch(`names ${sites.length} sites, and may name ${MAX_LIMITED_SITES}`);
  }
  const records = sites.flatMap((site) => gate.snapshot.sites.get(site)?.stored ?? []);
  requireLimitedBody(body, maxLimitedItems(records), maxLimitedInstructions(records));
  if (isChange && sites.length > 1) requireSmallTotal(body, records, sites.length);
}

function requireSmallTotal(body: object, records: readonly SiteRecord[], count: number): void {
  // A scope sends settings for each of its sites; every other command sends the same for all.
  const { sites: _sites, records: sentOnce, ...sentForEach } = body as Record<string, unknown>;
  let characters = count * JSON.stringify(sentForEach).length + (JSON.stringify(sentOnce) ?? "").length;
  let items = count * itemsIn(sentForEach) + itemsIn(sentOnce);
  requireShare(SENT_SHARE);
  const expressions = new Set(expressionsIn(body));
  for (const record of records) {
    characters += serializeSiteRecord(record).length;
    items += itemsIn(record);
    for (const one of expressionsIn(record)) expressions.add(one);
    requireShare(1);
  }
  requireAtMost("instructions of expressions", instructionsOf([...expressions]), MAX_LIMITED_INSTRUCTIONS, count);

  function requireShare(share: number): void {
    requireAtMost("characters", characters, MAX_LIMITED_CHARACTERS * share, count);
    requireAtMost("items of lists", items, MAX_LIMITED_ITEMS * share, count);
  }
}

function requireAtMost(what: string, size: number, most: number, count: number): void {
  if (size > most) throw tooMuch(`comes to at least ${size} ${what} over its ${count} sites, and may have ${most}`);
}

function tooMuch(what: string): RefusedRequest {
  const fix = "Send it in several requests with fewer sites each, or use a token with the right on everything.";
  return badRequest(422, `The change ${what}.`, fix);
}

function itemsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members: readonly unknown[] = Object.values(value);
  return members.reduce<number>((sum, member) => sum + itemsIn(member), Array.isArray(value) ? members.length : 0);
}

function expressionsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.startsWith(REGEXP_PREFIX) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(expressionsIn);
}
