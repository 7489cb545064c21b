import type { BypassLink } from "../../state/bypass-link.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { Outcome } from "../apply/apply-command.ts";

/** What a record says of its site, for programs; how it was stored is left out, and so is what would let somebody in. */
export interface RecordView extends Omit<SiteRecord, "version" | "since" | "restore" | "changed" | "links" | "access"> {
  readonly links: readonly Omit<BypassLink, "hash" | "key">[];
}

export function recordView(record: SiteRecord): RecordView {
  const {
    version: _version,
    since: _since,
    restore: _restore,
    changed: _changed,
    access: _access,
    links,
    ...view
  } = record;
  return { ...view, links: links.map(({ hash: _hash, key: _key, ...link }) => link) };
}

export function outcomeView({ site, effect, before, after }: Outcome): object {
  return { site, effect, before: before && recordView(before), after: after && recordView(after) };
}

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
