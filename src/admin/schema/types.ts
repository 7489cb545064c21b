import type { CloseCommand } from "../../control/command.ts";
import type { WayIn } from "../../control/views/ways-in.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import type { JudgedAddress } from "../../engine/decide/request-facts-of.ts";
import type { ErrorCode } from "../../errors.ts";
import type { FeedState } from "../../feed/feed.ts";
import type { Actor } from "../../state/actor.ts";
import type { Mode } from "../../state/mode.ts";
import type { ClosureSettings } from "../../state/site-record.ts";
import type { Right } from "../access/principal.ts";

/** What the admin's API says, version 1: the page and the command line read these. Times are RFC 3339 UTC. No secret is in here. */
export interface SiteView extends ClosureSettings {
  readonly id: string;
  /** The configuration names it: it cannot be removed. */
  readonly configured: boolean;
  /** Of the record and of the configuration. */
  readonly hosts: readonly string[];
  /** Of those, what the configuration gives, which no edit changes. */
  readonly configuredHosts: readonly string[];
  /** The site's own switch, at this moment. */
  readonly mode: Mode;
  readonly until: string | null;
  /** The strictest that its visitors meet anywhere on it now, `*`, the groups and an override included. */
  readonly inForce: {
    readonly mode: Mode;
    readonly until: string | null;
    /** The site whose switch that is, or where the override is set. */
    readonly by: string;
    /** Only these paths are affected; empty: the whole site. */
    readonly only: readonly string[];
  };
  readonly links: readonly LinkView[];
  /** What of the settings above ends with the closure, as it is again once the site opens; `null`: nothing, or it is open. */
  readonly afterwards: Partial<ClosureSettings> | null;
  /** Sentences on this site's own exemptions: those that let everyone in, and addresses that are a proxy's. */
  readonly warnings: readonly string[];
  /** For `If-Match`, in quotes. */
  readonly version: number;
  readonly changed: { readonly at: string; readonly by: Actor; readonly reason: string } | null;
  /** What the one who asks may do here. */
  readonly may: readonly Right[];
}

/** `GET sites/{site}/exemptions`: every rule that lets requests into the site while it is closed, as it stands now. */
export interface ExemptionList {
  /** Of the configuration, of the site, of the groups and of `*`, as far as you may see those. In lockdown: the operators' paths. */
  readonly rules: readonly WayIn[];
  /** How many more there are that you may not see. */
  readonly hidden: number;
  /** Sentences on all of them together: rules that let everyone in, and addresses that are a proxy's. */
  readonly warnings: readonly string[];
}

export interface LinkView {
  readonly id: string;
  readonly site: string;
  readonly label: string;
  readonly expires: string | null;
  readonly expired: boolean;
  /** It also ends when its site opens. */
  readonly untilOpen: boolean;
  /** Made with rights on this site alone: it does not count while `*` or a group is closed too. */
  readonly limited: boolean;
  readonly created: { readonly at: string; readonly by: Actor };
}

/** `GET sites?search=&mode=&limit=&after=`: by id, `*` first. */
export interface SiteList {
  readonly sites: readonly SiteView[];
  /** How many match the search in all, and how many of all the visible are not open. */
  readonly total: number;
  readonly closed: number;
  /** The `after` of the next page; `null`: this was the last. */
  readonly next: string | null;
}

/** What a change did or, with `dryRun`, would do. */
export interface ChangeResult {
  readonly dryRun: boolean;
  readonly outcomes: readonly { readonly site: string; readonly result: "changed" | "unchanged" | "skipped" }[];
  readonly version: number;
  /** The first 100 of these as they are afterwards, as far as they may be seen; empty with `dryRun`. */
  readonly sites: readonly SiteView[];
  /** Sentences for the operator: the own way back in would shut, an override makes this powerless. */
  readonly warnings: readonly string[];
}

export interface NewLinkView extends LinkView {
  /** Shown once, and kept nowhere. */
  readonly token: string;
  /** `maintenance-access=…` */
  readonly query: string;
  /** One address that can be opened at once, where a host of the site is known. */
  readonly url: string | null;
}

export interface HistoryEntryView {
  readonly version: number;
  readonly at: string;
  readonly by: Actor;
  readonly command: string;
  readonly reason: string;
  readonly sites: readonly {
    readonly site: string;
    /** Dotted member names, `notice.message`, with what stood there before and after. Secrets are left out. */
    readonly changes: readonly { readonly member: string; readonly before: unknown; readonly after: unknown }[];
  }[];
}

/** `GET history?site=&by=&command=&before=&limit=`, newest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntryView[];
  /** The `before` of the next page. */
  readonly next: number | null;
}

/** `POST explain` */
export interface ExplainRequest {
  /** An absolute URL, or a path, which is then asked of `*`. */
  readonly url: string;
  readonly method?: string | undefined;
  readonly address?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly user?: "anonymous" | "authenticated" | "staff" | "superuser" | undefined;
  /** What the application would say that it does, on a site that is read-only. */
  readonly operation?: "read" | "write" | undefined;
  /** Asks what would happen if a site were closed like that, whatever it is now. */
  readonly if?: AssumedClosure | undefined;
}

/** A closure that nobody has made: the settings are those of `POST close`. */
export interface AssumedClosure extends Pick<CloseCommand, "notice" | "response" | "paths" | "exempt" | "lockdown"> {
  readonly mode: "read-only" | "closed";
  /** Left out: the site that the URL's host belongs to, or `*` where it belongs to none. */
  readonly site?: string | undefined;
}

export interface Explanation {
  readonly decision: Decision;
  /** One sentence: `Allowed: its address is exempt.` */
  readonly sentence: string;
  /** The site that the URL's host belongs to; `null`: none, and what counts is `*`. */
  readonly site: string | null;
  /** The address that was judged, and where it came from. */
  readonly address: JudgedAddress;
  /** Sentences for people: on a host that belongs to no site, and always on the address. */
  readonly remarks: readonly string[];
  /** Nothing that is closed counts for the request: what would happen if its site were closed as it stands. Else `null`. */
  readonly ifClosed: { readonly decision: Decision; readonly sentence: string } | null;
  /** What would be sent; `null`: the application's own answer. */
  readonly answer: {
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
  } | null;
}

export interface Health {
  readonly state: FeedState;
  readonly store: string;
  readonly lineage: string;
  readonly version: number;
  readonly lastContact: string | null;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;
  readonly neverLoaded: boolean;
  /** Where the override is set that makes every switch powerless, and what it says. */
  readonly override: { readonly mode: Mode; readonly where: string } | null;
  /** When a client last used up its guesses of bypass links, here; `null`: none has. */
  readonly guessLimitReached: string | null;
  /** Addresses that sent a forwarding header and that `trustProxy` does not name: up to 8. */
  readonly ignoredProxies: readonly string[];
  /** A request, by its method and path, that ended before the maintenance middleware saw it; `null`: none was reported. */
  readonly missedByMiddleware: string | null;
}

/** `GET session`; `POST session {password}` and `DELETE session` sign in and out; `DELETE sessions` signs everybody out. */
export interface SessionView {
  readonly name: string;
  readonly via: "application" | "token" | "session";
  /** On `*`, which is every site; per site see `SiteView.may`. */
  readonly may: readonly Right[];
  /** Every language that has built-in texts, for the message and the preview: BCP 47. */
  readonly locales: readonly string[];
  /** Where the request came from, as the gate's trusted proxies tell it: what would have to be exempt. */
  readonly address: string | null;
  /** What an operator should hear before exempting that address; `null`: nothing. */
  readonly addressWarning: string | null;
  readonly now: string;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly may: readonly Right[];
  /** `null`: every site. */
  readonly sites: readonly string[] | null;
  readonly expires: string | null;
  readonly created: { readonly at: string; readonly by: Actor };
}

/** Events of `GET events` (text/event-stream). `change` names the sites that are another by now; the page reads them again. */
export type AdminEvent =
  | { readonly type: "change"; readonly version: number; readonly sites: readonly string[] }
  | { readonly type: "health"; readonly health: Health };

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly hint: string;
  /** With 422: every member that is wrong, as a JSON pointer (RFC 6901). */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** With 412: the site as it stands now. */
  readonly current?: SiteView;
  /** With the 401 of `GET session`: how somebody may sign in. None of them: nobody may, and `advice` says what to set. */
  readonly ways?: { readonly application: boolean; readonly tokens: boolean; readonly password: boolean };
  readonly advice?: string | null;
}
