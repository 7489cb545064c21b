import type { SiteRecord } from "../../state/site-record.ts";

/** Stands where a hash or a key was: of their form, so that the record can be read. */
const REDACTED = "A".repeat(43);

/** The record without what lets somebody in, and in a form that `parseSiteRecord` takes. Idempotent. */
export function redactRecord(record: SiteRecord): SiteRecord {
  const { links, access } = record;
  return {
    ...record,
    links: links.map((link) => ({ ...link, hash: REDACTED, key: REDACTED })),
    access: {
      ...access,
      tokens: access.tokens.map((token) => ({ ...token, hash: REDACTED })),
      sessionKey: access.sessionKey === null ? null : REDACTED,
    },
  };
}
