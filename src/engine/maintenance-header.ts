import type { Allow } from "./decision.ts";
import type { PageContext } from "./page-context.ts";

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
