import type { NormalOptions } from "../../config/normal-options.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { compilePathMatcher } from "../../rules/paths/matcher.ts";
import { parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";

/** Milliseconds. Crawlers use the robots.txt that they last read for up to a day (RFC 9309 section 2.4). */
const LONG_CLOSURE = 86_400_000;
const ROBOTS = "/robots.txt";

/**
 * Returns a warning about a closure of more than a day: crawlers treat a 503 for `robots.txt` as a ban on the whole host (RFC 9309
 * section 2.3.1.4). `null` if `robots.txt` passes, or the closure is shorter. `forAll`: the records that apply to every site.
 */
export async function robotsWarning(
  record: SiteRecord,
  forAll: readonly SiteRecord[],
  { exempt, ignoreCase }: NormalOptions,
  now: number,
): Promise<string | null> {
  const { id, mode, until, changed, lockdown } = record;
  const isLong =
    (until !== null && parseInstant(until) - now > LONG_CLOSURE) ||
    (changed !== null && now - parseInstant(changed.at) > LONG_CLOSURE);
  if (mode === "open" || mode === "read-only" || !isLong) return null;
  await loadLinearRegExp();
  const scope = record.paths.map((pattern) => ({ pattern, description: "", source: id }));
  if (compilePathMatcher(scope, { ignoreCase, lenient: true })?.covers(ROBOTS) === false) return null;
  const paths = [record, ...forAll]
    .flatMap(({ exemptions }) => exemptions.paths)
    .map((path) => ({ ...path, source: id }));
  const passes = compilePathMatcher([...exempt.paths, ...paths], { ignoreCase })?.match(ROBOTS) ?? null;
  if (passes !== null && !lockdown) return null;
  return `${ROBOTS} of ${id === "*" ? "every site" : `'${id}'`} is closed too: crawlers then read nothing of the whole host, and search engines drop what they cannot reach for days`;
}

/** Returns the warning about the first of these closures that has one. A closure that begins now is known to be long only if it has an end. */
export async function robotsWarningOfClosing(
  closing: readonly SiteRecord[],
  forAll: readonly SiteRecord[],
  options: NormalOptions,
  now: number,
): Promise<string | null> {
  for (const record of closing) {
    const found = record.until === null ? null : await robotsWarning(record, forAll, options, now);
    if (found !== null) return found;
  }
  return null;
}
