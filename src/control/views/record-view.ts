import type { BypassLink } from "../../state/bypass-link.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { Outcome } from "../apply/apply-command.ts";

/** A record for programs: without storage details and without secrets. */
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

/** Replaces hashes and keys. It has their form, so that the record can be parsed. */
const REDACTED = "A".repeat(43);

/** Returns the record with all secrets replaced, in a form that `parseSiteRecord` accepts. Idempotent. */
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

/** Whether the record contains what `redactRecord` replaces. */
export function holdsSecrets({ links, access }: SiteRecord): boolean {
  return links.length > 0 || access.tokens.length > 0 || access.sessionKey !== null;
}
