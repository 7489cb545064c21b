import type { Allow, Block } from "./decision.ts";

/**
 * The `Maintenance` header: an item of structured fields (RFC 9651 section 3.3), a token with parameters:
 * `closed;site="shop";until=@1796119200;version=12`.
 */
export function closureHeader({ mode, site, until, version }: Omit<Block, "outcome" | "reason">): string {
  const end = until === null ? "" : `;until=@${Math.floor(until / 1000)}`;
  return `${mode};site="${site}"${end};version=${version}`;
}

/** Marks an answer that passed a closed site: `bypass;rule=address`. */
export function bypassHeader({ reason }: Pick<Allow, "reason">): string {
  return `bypass;rule=${reason}`;
}

/** What goes with the mark, so that what an operator may see never lands in a shared cache (RFC 9111 section 5.2.2). */
export const BYPASS_CACHE_CONTROL = "private, no-store";
