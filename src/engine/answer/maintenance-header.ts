import type { Allow } from "../decide/decision.ts";
import type { PageContext } from "../page/context.ts";

/**
 * The `Maintenance` header: an item of structured fields (RFC 9651 section 3.3), a token with parameters:
 * `closed;site="shop";until=@1796119200;version=12`. The version is that of the site's record, so that a change of another site does not
 * change this answer.
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

/** Sent with the mark, so that an answer for an exempt client is never stored in a shared cache (RFC 9111 section 5.2.2). */
export const BYPASS_CACHE_CONTROL = "private, no-store";

/**
 * Sent with the mark on a 304. By RFC 9111 section 4.3.4 a cache updates its stored answer with the fields of the 304, and so drops it.
 * A cache of nginx does not: it would serve the old page for another lifetime to blocked clients. It takes this instant, which is long
 * past, as the expiry of the stored answer.
 */
export const BYPASS_NOT_MODIFIED = ["X-Accel-Expires", "@1"] as const;
