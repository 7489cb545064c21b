import { toBase64Url } from "../../bypass/token.ts";
import { MaintenanceError } from "../../errors.ts";
import type { AccessRecord, EndedSession } from "../../state/access-token.ts";
import { formatInstant } from "../../state/instant.ts";
import { type AdminSession, signSession, verifySession } from "./session-cookie.ts";

// In seconds.
const RENEWED_AFTER = 15 * 60;
const MAX_IDLE_S = 60 * 60;
const MAX_AGE_S = 12 * 60 * 60;

/** Further cookies are ignored: each costs a signature check. */
const MAX_COOKIES = 8;
const MAX_ENDED = 10_000;
const ID_BYTES = 16;

/** The sessions of users who signed in with the password. Cookies hold them; only those that ended early are kept here. */
export interface Sessions {
  /** Returns the first of `cookies` that is genuine and in force. `access` is the stored access record. */
  find(cookies: readonly string[], access: AccessRecord, now: number): AdminSession | null;
  /** A new session. */
  begin(access: AccessRecord, now: number): AdminSession;
  /** Returns the same session with a new id and one more hour, if a renewal is due; else `null`. */
  renew(session: AdminSession, now: number): AdminSession | null;
  /** Returns the value of its cookie. Throws `ERR_STORE_UNAVAILABLE` if there is no key to sign with. */
  sign(session: AdminSession, access: AccessRecord): string;
  /**
   * Refuses every copy of its cookie in this process from now on; other processes do once the result is stored.
   */
  end(session: AdminSession): EndedSession;
}

export interface SessionsOptions {
  /** Keys from the configuration, newest first. If empty, the stored key is used. */
  readonly keys: readonly string[];
  /** Fingerprint of the password. */
  readonly fingerprint: string;
  readonly name: string;
  readonly randomBytes: (length: number) => Uint8Array;
}

export function createSessions({ keys, fingerprint, name, randomBytes }: SessionsOptions): Sessions {
  /** The latest end of each ended session, in epoch seconds. */
  const ended = new Map<string, number>();
  const mintId = (): string => toBase64Url(randomBytes(ID_BYTES));

  function keysOf({ sessionKey }: AccessRecord): readonly string[] {
    return keys.length > 0 || sessionKey === null ? keys : [sessionKey];
  }

  return {
    find(cookies, access, now) {
      for (const cookie of cookies.slice(0, MAX_COOKIES)) {
        const session = verifySession(cookie, keysOf(access), fingerprint);
        if (session === null || session.generation !== access.sessionGeneration) continue;
        if (now >= session.expires * 1_000 || ended.has(session.session)) continue;
        if (!access.endedSessions.some((one) => one.session === session.session)) return session;
      }
      return null;
    },
    begin({ sessionGeneration }, now) {
      const began = Math.floor(now / 1_000);
      const ids = { session: mintId(), id: mintId() };
      return { ...ids, name, began, issued: began, expires: began + MAX_IDLE_S, generation: sessionGeneration };
    },
    renew(session, now) {
      const issued = Math.floor(now / 1_000);
      if (issued - session.issued < RENEWED_AFTER) return null;
      return {
        ...session,
        id: mintId(),
        issued,
        expires: Math.min(issued + MAX_IDLE_S, session.began + MAX_AGE_S),
      };
    },
    sign(session, access) {
      const [key] = keysOf(access);
      if (key === undefined) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "There is no key for sessions.");
      return signSession(session, key, fingerprint);
    },
    end(session) {
      if (ended.size >= MAX_ENDED) forgetOne(ended, session.issued);
      ended.set(session.session, session.began + MAX_AGE_S);
      return { session: session.session, until: formatInstant((session.began + MAX_AGE_S) * 1_000) };
    },
  };
}

/** Removes an expired one, or else the oldest. Contains only genuine sessions. */
function forgetOne(ended: Map<string, number>, now: number): void {
  for (const [session, end] of ended) if (end <= now) ended.delete(session);
  if (ended.size >= MAX_ENDED) ended.delete(ended.keys().next().value ?? "");
}
