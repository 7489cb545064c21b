import type { AccessToken } from "../state/access-token.ts";
import type { BypassLink } from "../state/bypass-link.ts";
import type { End } from "../state/end.ts";
import type {
  ClosureSettings,
  ExemptAddress,
  Exemptions,
  ExemptPath,
  NewExemptions,
  Notice,
  SiteRecord,
} from "../state/site-record.ts";

/** A command of an operator. Plain data: it may come from a shell, over HTTP or from a program. */
export type Command =
  | CloseCommand
  | OpenCommand
  | EditCommand
  | AddSiteCommand
  | RemoveSiteCommand
  | AddExemptionsCommand
  | RemoveExemptionsCommand
  | AddLinkCommand
  | RevokeLinksCommand
  | AddTokenCommand
  | RevokeTokensCommand
  | EndSessionsCommand
  | RestoreCommand;

/** Commands of the admin itself, when a user signs in or out. */
type SessionCommand = BeginSessionsCommand | EndSessionCommand;

export type AnyCommand = Command | SessionCommand;

/** The notice for visitors, and the form of the answer. A record has them in two groups, `notice` and `response`. */
export interface AnswerSettings {
  /**
   * Up to 200 characters; empty: the built-in text.
   * @default as it is
   */
  readonly title?: string | undefined;
  /**
   * Up to 5,000 characters; empty: the built-in text.
   * @default as it is
   * @example "Back at nine"
   */
  readonly message?: string | undefined;
  /**
   * By language tag (BCP 47); a text that is left out is empty. A new `title` or `message` drops the existing ones; otherwise `close`
   * adds to them: an empty text keeps the existing one, and a language without any text is removed.
   * @default as they are
   * @example { de: { message: "Zurück um neun" } }
   */
  readonly translations?:
    | Readonly<Record<string, { readonly title?: string | undefined; readonly message?: string | undefined }>>
    | undefined;
  /**
   * Where to read more: a status page, `http:` or `https:`. `null`: nowhere.
   * @default as it is
   * @example "https://status.example/"
   */
  readonly moreUrl?: string | null | undefined;
  /**
   * 400 to 599. `null`: as the configuration says.
   * @default as it is
   */
  readonly statusCode?: number | null | undefined;
  /**
   * Seconds for `Retry-After`, up to a day; 0 leaves the header out. `null`: as the configuration says.
   * @default as it is
   */
  readonly retryAfter?: number | null | undefined;
  /**
   * Seconds for `Refresh`, up to a day; 0 leaves the header out. `null`: as the configuration says.
   * @default as it is
   */
  readonly refresh?: number | null | undefined;
  /**
   * A path of the site or an absolute URL to send browsers to. `null`: as configured.
   * @default as it is
   * @example "/down"
   */
  readonly redirect?: string | null | undefined;
}

/**
 * Takes sites out of service, or changes how they are closed. Idempotent: settings that are left out stay as they are. `open` restores
 * the replaced settings.
 */
export interface CloseCommand extends AnswerSettings {
  readonly type: "close";
  /**
   * Ids of sites; `*` is everything.
   * @default ["*"]
   */
  readonly sites?: readonly string[] | undefined;
  /** @default "closed" */
  readonly mode?: "closed" | "read-only" | undefined;
  /**
   * When it opens automatically: a `Date`, an RFC 3339 time or a duration such as `2h`. `null`: it stays closed until it is opened.
   * @default unchanged; `null` for a site that is open
   * @example "2026-12-01T06:00:00Z"
   */
  readonly until?: End | null | undefined;
  /**
   * The same as a duration, up to a year. Not together with `until`.
   * @example "1h30m"
   */
  readonly for?: string | undefined;
  /**
   * Patterns: only these paths are affected; replaces those of the record.
   * @default as they are; `[]` is the whole site
   * @example ["/checkout/*"]
   */
  readonly paths?: readonly string[] | undefined;
  /**
   * Added to those of the record, for as long as it is closed.
   * @example { addresses: ["10.0.0.0/8"] }
   */
  readonly exempt?: NewExemptions | undefined;
  /**
   * Ignores every exemption but `operatorPaths`.
   * @default as it is
   */
  readonly lockdown?: boolean | undefined;
  /** Why, for the history: up to 500 characters. */
  readonly reason?: string | undefined;
  /**
   * Skips unknown sites instead of refusing the command.
   * @default false
   */
  readonly ignoreMissing?: boolean | undefined;
  /**
   * Narrows the closure although a running command holds the site. Otherwise that is refused with `ERR_HELD`.
   * @default false
   */
  readonly anyway?: boolean | undefined;
  /** The scope that closes them, to recognise its own change when it ends. */
  readonly scope?: string | undefined;
}

/** Opens sites, and restores the settings that their closures replaced. Idempotent. */
export interface OpenCommand {
  readonly type: "open";
  /**
   * Ids of sites; `*` is the switch over all sites.
   * @default ["*"]
   */
  readonly sites?: readonly string[] | undefined;
  /** Why, for the history: up to 500 characters. */
  readonly reason?: string | undefined;
  /**
   * Skips unknown sites instead of refusing the command.
   * @default false
   */
  readonly ignoreMissing?: boolean | undefined;
  /**
   * Opens a site although a running command holds it. Otherwise that is refused with `ERR_HELD`.
   * @default false
   */
  readonly anyway?: boolean | undefined;
  /** The scope that opens them, to recognise its own change when it ends. */
  readonly scope?: string | undefined;
}

/** Permanent settings of a site. Each given setting replaces the existing one as a whole. */
export interface SiteSettings extends AnswerSettings {
  /**
   * Host names; those of the configuration stay.
   * @default as they are
   * @example ["shop.example", "*.shop.example"]
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Patterns: only these paths are affected; empty: the whole site.
   * @default as they are
   */
  readonly paths?: readonly string[] | undefined;
  /**
   * Both lists: one that is left out becomes empty.
   * @default as they are
   */
  readonly exemptions?: NewExemptions | undefined;
  /**
   * Whether a closure ignores every exemption but `operatorPaths`.
   * @default as it is
   */
  readonly lockdown?: boolean | undefined;
}

/** Changes a site's permanent settings. Rejects with `ERR_CONFLICT` if the site is no longer at `version`. */
export interface EditCommand extends SiteSettings {
  readonly type: "edit";
  readonly site: string;
  /** The version of the site's record that the caller has read. */
  readonly version: number;
  readonly reason?: string | undefined;
}

/** Adds a site that the configuration does not name. */
export interface AddSiteCommand {
  readonly type: "add-site";
  readonly site: string;
  /**
   * Host names; without any, the site is a group.
   * @default []
   */
  readonly hosts?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** Removes a site that was added. Refused with `ERR_SITE_CONFIGURED` if the configuration names it. */
export interface RemoveSiteCommand {
  readonly type: "remove-site";
  readonly site: string;
  /**
   * The version that the caller has read. Rejects with `ERR_CONFLICT` if the site has changed since.
   * @default any version
   */
  readonly version?: number | undefined;
  readonly reason?: string | undefined;
}

/** Adds exemptions. An existing one gets the new description. Idempotent. */
export interface AddExemptionsCommand extends NewExemptions {
  readonly type: "add-exemptions";
  /** @default "*" */
  readonly site?: string | undefined;
  /**
   * They end when the site opens; refused with `ERR_INVALID_COMMAND` while it is open.
   * @default false: they are permanent
   */
  readonly untilOpen?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** Removes exemptions by their pattern or range. Refused with `ERR_INVALID_COMMAND` if one does not exist. */
export interface RemoveExemptionsCommand {
  readonly type: "remove-exemptions";
  /** @default "*" */
  readonly site?: string | undefined;
  /** Patterns, as they were added. */
  readonly paths?: readonly string[] | undefined;
  /** Addresses and ranges, in any spelling. */
  readonly addresses?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** Adds a bypass link. `controller.links.create` sends it, with the hash of a new token. */
export interface AddLinkCommand {
  readonly type: "add-link";
  /** @default "*" */
  readonly site?: string | undefined;
  /** `expires` is a `Date`, an RFC 3339 time or a duration; `null`: valid until it is revoked. */
  readonly link: Omit<BypassLink, "created" | "expires"> & { readonly expires: End | null };
  readonly reason?: string | undefined;
}

/** Revokes links, and every cookie that was issued for them. */
export interface RevokeLinksCommand {
  readonly type: "revoke-links";
  /**
   * The site whose links these are.
   * @default "*"
   */
  readonly site?: string | undefined;
  /**
   * Ids. Refused with `ERR_INVALID_COMMAND` if the site has no link with this id.
   * @default all links of the site, and every bypass cookie of the site becomes invalid
   */
  readonly links?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** Adds a token for the admin. `controller.tokens.create` sends it, with the hash of a new token. */
export interface AddTokenCommand {
  readonly type: "add-token";
  /** `expires` is a `Date`, an RFC 3339 time or a duration; `null`: valid until it is revoked. */
  readonly token: Omit<AccessToken, "created" | "expires"> & { readonly expires: End | null };
  readonly reason?: string | undefined;
}

/** Revokes access tokens of the admin, with immediate effect. */
export interface RevokeTokensCommand {
  readonly type: "revoke-tokens";
  /**
   * Ids. Refused with `ERR_INVALID_COMMAND` if no token has this id.
   * @default all tokens
   */
  readonly tokens?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** Adds the key of the admin's sessions. Idempotent: an existing key is kept. */
export interface BeginSessionsCommand {
  readonly type: "begin-sessions";
  /** 256 random bits, base64url. */
  readonly key: string;
  readonly reason?: string | undefined;
}

/** Ends one session of the admin, for every process. Idempotent. */
export interface EndSessionCommand {
  readonly type: "end-session";
  readonly session: string;
  /** The time at which the session expires in any case. */
  readonly until: End;
  readonly reason?: string | undefined;
}

/** Ends every session of the admin: all users have to sign in again. */
export interface EndSessionsCommand {
  readonly type: "end-sessions";
  readonly reason?: string | undefined;
}

/**
 * Restores sites to the state in which a scope found them. A site that was closed, opened or restored by another user or scope since, or
 * edited in a member that the closure set, is left as it is, even with the same settings. Changes of links and exemptions do not count.
 */
export interface RestoreCommand {
  readonly type: "restore";
  readonly records: readonly FoundRecord[];
  readonly reason?: string | undefined;
}

/** A site as a scope found it and as the scope left it. */
export interface FoundRecord {
  readonly site: string;
  /** The settings that the scope left, with its id. */
  readonly left: SwitchSettings;
  /** As the scope found it. */
  readonly found: SwitchSettings;
}

/** A command as `validateCommand` returns it: exemptions and translations in full. */
export type ValidCommand =
  | Exclude<AnyCommand, CloseCommand | EditCommand | AddExemptionsCommand>
  | ValidCloseCommand
  | ValidEditCommand
  | ValidAddExemptionsCommand;

export interface ValidCloseCommand extends CloseCommand {
  readonly translations?: Notice["translations"] | undefined;
  readonly exempt?: ValidExemptions | undefined;
}

export interface ValidEditCommand extends EditCommand {
  readonly translations?: Notice["translations"] | undefined;
  readonly exemptions?: Exemptions | undefined;
}

interface ValidAddExemptionsCommand extends AddExemptionsCommand, ValidExemptions {
  readonly paths?: readonly ExemptPath[] | undefined;
  readonly addresses?: readonly ExemptAddress[] | undefined;
}

export interface ValidExemptions {
  readonly paths?: readonly ExemptPath[] | undefined;
  readonly addresses?: readonly ExemptAddress[] | undefined;
}

/** The members of a record that closing and opening change. */
export type SwitchSettings = ClosureSettings & Pick<SiteRecord, "mode" | "since" | "until" | "restore" | "scope">;
