import type { Allow } from "../decide/decision.ts";
import type { PageContext } from "../page/context.ts";

/**
 * The `Maintenance` header: an item of structured fields (RFC 9651 section 3.3), a token with parameters:
 * `closed;site="shop";until=@1796119200;version=12`. The version is that of the site's record, so that a change of another site leaves
 * this answer as it is.
 */
export function closureHeader({
  mode,
  site,
  until,
  version,
}: Pick<PageContext, "mode" | "site" | "until" | "version">): string {
  const end = until === null ? "" : `;until=@${Math.floor(until / 1000)}`;
  return `${mode};site="${site}"${end};version=${version}`;
}

/** Marks an answer that passed a closed site: `bypass;rule=address`. */
export function bypassHeader({ reason }: Pick<Allow, "reason">): string {
  return `bypass;rule=${reason}`;
}

/** What goes with the mark, so that what an operator may see never lands in a shared cache (RFC 9111 section 5.2.2). */
export const BYPASS_CACHE_CONTROL = "private, no-store";

/**
 * What goes with the mark on a 304 besides. By RFC 9111 section 4.3.4 a cache updates what it has stored with the fields of the 304, and
 * so keeps it no longer. A cache of nginx that revalidates does not: it would serve the page of the time before for another lifetime to
 * those who are blocked. It takes this instant, which is long past, as the end of what it has stored.
 */
export const BYPASS_NOT_MODIFIED = ["X-Accel-Expires", "@1"] as const;
