import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";

/** Gives a program access to the admin. Only the hash of the token is stored. */
export interface AccessToken {
  /** Eight characters; not secret. */
  readonly id: string;
  /** The program or person that it is for, as the history shows it: `ci`. */
  readonly name: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly may: readonly Right[];
  /** Ids; `null`: every site. */
  readonly sites: readonly string[] | null;
  /** When it expires; `null` if it is valid until it is revoked. */
  readonly expires: Instant | null;
  readonly created: { readonly at: Instant; readonly by: Actor };
}

/** Stored access to the admin, in the record of `*` only. */
export interface AccessRecord {
  readonly tokens: readonly AccessToken[];
  /** Raising it ends every earlier session. */
  readonly sessionGeneration: number;
  /** Signs the cookies of sessions, unless the configuration has keys; `null` before the first session. A secret. */
  readonly sessionKey: string | null;
  /** Sessions that were ended early: every process refuses them. Bounded; expired sessions are dropped. */
  readonly endedSessions: readonly EndedSession[];
}

/** A session that was ended before it expired. */
export interface EndedSession {
  /** The id in the signed part of its cookie; not secret. */
  readonly session: string;
  /** When the session would have expired. */
  readonly until: Instant;
}

export const NO_ACCESS: AccessRecord = { tokens: [], sessionGeneration: 0, sessionKey: null, endedSessions: [] };

/**
 * A right in the admin. `view`: read everything but secrets. `switch`: close and open. `edit`: settings and exemptions of a site.
 * `links`: bypass links. `access`: tokens and sessions, and thereby every other right.
 */
export type Right = "view" | "switch" | "edit" | "links" | "access";

export const RIGHTS: readonly Right[] = ["view", "switch", "edit", "links", "access"];
