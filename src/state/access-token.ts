import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";

/** A program's way into the admin. The token is not here: only its hash is kept. */
export interface AccessToken {
  /** Eight characters; no secret. */
  readonly id: string;
  /** For whom or what it was made, as the history shows it: `ci`. */
  readonly name: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly may: readonly Right[];
  /** Ids; `null`: every site. */
  readonly sites: readonly string[] | null;
  /** When it expires; `null`: it is valid until it is revoked. */
  readonly expires: Instant | null;
  readonly created: { readonly at: Instant; readonly by: Actor };
}

/** Who may use the admin, as far as it is stored: in the record of `*`, and in no other. */
export interface AccessRecord {
  readonly tokens: readonly AccessToken[];
  /** Raising it ends every session that began before. */
  readonly sessionGeneration: number;
  /** Signs the cookies of sessions, where the configuration has no keys; `null`: no session was begun yet. A secret. */
  readonly sessionKey: string | null;
  /** Sessions that were ended before their time: every process refuses them. Bounded; those that are over anyway are left out. */
  readonly endedSessions: readonly EndedSession[];
}

export interface EndedSession {
  /** Of its cookie, where it is signed: no secret. */
  readonly session: string;
  /** From then on the session is over anyway. */
  readonly until: Instant;
}

export const NO_ACCESS: AccessRecord = { tokens: [], sessionGeneration: 0, sessionKey: null, endedSessions: [] };

/**
 * A right in the admin. `view`: see everything but secrets. `switch`: close and open. `edit`: a site's settings and
 * exemptions. `links`: bypass links. `access`: tokens and sessions, and so, in the end, everything.
 */
export type Right = "view" | "switch" | "edit" | "links" | "access";

export const RIGHTS: readonly Right[] = ["view", "switch", "edit", "links", "access"];
