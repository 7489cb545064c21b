import { MaintenanceError } from "../errors.ts";
import { type AccessRecord, NO_ACCESS } from "./access-token.ts";
import type { Actor } from "./actor.ts";
import type { BypassLink } from "./bypass-link.ts";
import type { Instant } from "./instant.ts";
import type { Mode } from "./mode.ts";

/** The notice on the answers to blocked requests. Empty texts mean: the built-in ones. */
export interface Notice {
  readonly title: string;
  readonly message: string;
  /** By language tag (BCP 47, as in `Accept-Language`): `de`, `pt-BR`. */
  readonly translations: Readonly<Record<string, { readonly title: string; readonly message: string }>>;
  /** Where to read more: a status page. `http:` or `https:` only. */
  readonly moreUrl: string | null;
}

/** The form of the answers to blocked requests. `null` means: as configured. */
export interface ResponseSettings {
  /** 400 to 599. */
  readonly statusCode: number | null;
  /** Seconds for `Retry-After`; 0 leaves the header out. */
  readonly retryAfter: number | null;
  /** Seconds for `Refresh`; 0 leaves the header out. */
  readonly refresh: number | null;
  /** A path of this site or an absolute URL to send browsers to; programs are never redirected. */
  readonly redirect: string | null;
}

/** A path that passes a closed site. */
export interface ExemptPath {
  readonly pattern: string;
  readonly description: string;
  /**
   * Created with rights on this site alone: it does not apply while everything (`*`) or a group is closed too.
   * @default false
   */
  readonly limited?: boolean;
}

/** An address or a range that passes a closed site. */
export interface ExemptAddress {
  /** An exact address or a CIDR range. */
  readonly range: string;
  readonly description: string;
  /**
   * Created with rights on this site alone: it does not apply while everything (`*`) or a group is closed too.
   * @default false
   */
  readonly limited?: boolean;
}

/** The exemptions in a record. */
export interface Exemptions {
  readonly paths: readonly ExemptPath[];
  readonly addresses: readonly ExemptAddress[];
}

/**
 * Paths and addresses that pass a closed site.
 * @example { addresses: ["10.0.0.0/8"], paths: [{ pattern: "/health", description: "load balancer" }] }
 */
export interface NewExemptions {
  /**
   * Path patterns, each as text or with a description, which lists of exemptions show.
   * @default []
   */
  readonly paths?: readonly (string | NewExemptPath)[] | undefined;
  /**
   * Addresses and CIDR ranges, each as text or with a description, which lists of exemptions show.
   * @default []
   */
  readonly addresses?: readonly (string | NewExemptAddress)[] | undefined;
}

/** A path pattern with a description. */
export interface NewExemptPath {
  /** @example "/hooks/*" */
  readonly pattern: string;
  /**
   * Up to 500 characters.
   * @default ""
   */
  readonly description?: string | undefined;
}

/** An address or a range with a description. */
export interface NewExemptAddress {
  /**
   * An exact address or a CIDR range.
   * @example "10.0.0.0/8"
   */
  readonly range: string;
  /**
   * Up to 500 characters.
   * @default ""
   */
  readonly description?: string | undefined;
}

/** Settings that a closure can set for itself, and that `open` restores. */
export interface ClosureSettings {
  /** Patterns: only these paths are affected; empty means the whole site. */
  readonly paths: readonly string[];
  readonly exemptions: Exemptions;
  readonly lockdown: boolean;
  readonly notice: Notice;
  readonly response: ResponseSettings;
}

/** Everything that is stored about a site. A site without a record is open. */
export interface SiteRecord extends ClosureSettings {
  readonly id: string;
  /** Lower case, punycode, no port: `shop.example`, `*.shop.example`. Empty for a group, and for a site whose hosts are configured. */
  readonly hosts: readonly string[];
  /** The manual switch. */
  readonly mode: Mode;
  /** When the closure began; `null` if the site is open, or was closed by an edit of the stored text. */
  readonly since: Instant | null;
  /** When the site opens automatically; `null` if it stays closed until it is opened. */
  readonly until: Instant | null;
  /** The settings that this closure replaced: `open` restores them. */
  readonly restore: Partial<ClosureSettings> | null;
  /** The scope (`withMaintenance`) that switched the site last; `null` if another command did. */
  readonly scope: string | null;
  readonly links: readonly BypassLink[];
  /** Raising it invalidates every bypass cookie issued before. */
  readonly linkGeneration: number;
  /** Stored access to the admin. Only the record of `*` has any. */
  readonly access: AccessRecord;
  /** Version of this record: each change adds 1; 0 was never stored. */
  readonly version: number;
  readonly changed: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

/** The id that means every site. */
export const ALL_SITES = "*";

export const NO_NOTICE: Notice = { title: "", message: "", translations: {}, moreUrl: null };
export const NO_RESPONSE_SETTINGS: ResponseSettings = {
  statusCode: null,
  retryAfter: null,
  refresh: null,
  redirect: null,
};
/** One shared empty list: there may be 100,000 records. */
export const NONE: readonly never[] = Object.freeze([]);
export const NO_EXEMPTIONS: Exemptions = { paths: NONE, addresses: NONE };

/** Returns the record of a site that is not stored. */
export function openRecord(id: string): SiteRecord {
  return {
    id,
    hosts: NONE,
    mode: "open",
    since: null,
    until: null,
    paths: NONE,
    exemptions: NO_EXEMPTIONS,
    lockdown: false,
    notice: NO_NOTICE,
    response: NO_RESPONSE_SETTINGS,
    restore: null,
    scope: null,
    links: NONE,
    linkGeneration: 0,
    access: NO_ACCESS,
    version: 0,
    changed: null,
  };
}

const SITE_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export function isSiteId(value: string): boolean {
  return value === ALL_SITES || SITE_ID.test(value);
}

/** Returns `value` when it is `*` or up to 64 of `a-z 0-9 . _ -`, starting with a letter or digit. Throws `ERR_INVALID_SITE_ID`. */
export function parseSiteId(value: string): string {
  if (isSiteId(value)) return value;
  const hint = SITE_ID.test(value.toLowerCase()) ? `Write it in lower case: '${value.toLowerCase()}'.` : undefined;
  throw new MaintenanceError("ERR_INVALID_SITE_ID", `'${value}' is not a site id.`, hint === undefined ? {} : { hint });
}
