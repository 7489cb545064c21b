import { toBase64Url } from "../../bypass/access-token.ts";
import { MaintenanceError } from "../../errors.ts";
import type { AccessRecord, EndedSession } from "../../state/access-token.ts";
import { formatInstant } from "../../state/instant.ts";
import { type AdminSession, signSession, verifySession } from "./session-cookie.ts";

// In seconds.
const RENEWED_AFTER = 15 * 60;
const LONGEST_IDLE = 60 * 60;
const LONGEST = 12 * 60 * 60;

/** Cookies beyond these are not looked at: each costs a signature to verify. */
const MOST_COOKIES = 8;
const MOST_ENDED = 10_000;
const ID_BYTES = 16;

/** The sessions of those who signed in with the password. They stand in cookies; here is only what ended before its time. */
export interface Sessions {
  /** The first of `cookies` that is genuine and in force. `access` is what is stored by now. */
  find(cookies: readonly string[], access: AccessRecord, now: number): AdminSession | null;
  /** A session that nobody has seen before. */
  begin(access: AccessRecord, now: number): AdminSession;
  /** The same session under a new id and for another hour, when that is due; else `null`. */
  renew(session: AdminSession, now: number): AdminSession | null;
  /** The value of its cookie. Throws `ERR_STORE_UNAVAILABLE` where there is no key to sign with. */
  sign(session: AdminSession, access: AccessRecord): string;
  /**
   * From now on it is refused by this process, whoever has a copy of its cookie; by the others once what this returns is stored.
   */
  end(session: AdminSession): EndedSession;
}

export interface SessionsOptions {
  /** From the configuration, the newest first. Without any, the one that is stored counts. */
  readonly keys: readonly string[];
  /** Of the password. */
  readonly fingerprint: string;
  readonly name: string;
  readonly randomBytes: (length: number) => Uint8Array;
}

export function createSessions({ keys, fingerprint, name, randomBytes }: SessionsOptions): Sessions {
  /** When each would have come to its end at the latest, in epoch seconds. */
  const ended = new Map<string, number>();
  const mintId = (): string => toBase64Url(randomBytes(ID_BYTES));

  function keysOf({ sessionKey }: AccessRecord): readonly string[] {
    return keys.length > 0 || sessionKey === null ? keys : [sessionKey];
  }

  return {
    find(cookies, access, now) {
      for (const cookie of cookies.slice(0, MOST_COOKIES)) {
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
      return { ...ids, name, began, issued: began, expires: began + LONGEST_IDLE, generation: sessionGeneration };
    },
    renew(session, now) {
      const issued = Math.floor(now / 1_000);
      if (issued - session.issued < RENEWED_AFTER) return null;
      return {
        ...session,
        id: mintId(),
        issued,
        expires: Math.min(issued + LONGEST_IDLE, session.began + LONGEST),
      };
    },
    sign(session, access) {
      const [key] = keysOf(access);
      if (key === undefined) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "There is no key for sessions.");
      return signSession(session, key, fingerprint);
    },
    end(session) {
      if (ended.size >= MOST_ENDED) forgetOne(ended, session.issued);
      ended.set(session.session, session.began + LONGEST);
      return { session: session.session, until: formatInstant((session.began + LONGEST) * 1_000) };
    },
  };
}

/** One that has come to its end by itself, or else the oldest. Only genuine sessions are in there. */
function forgetOne(ended: Map<string, number>, now: number): void {
  for (const [session, end] of ended) if (end <= now) ended.delete(session);
  if (ended.size >= MOST_ENDED) ended.delete(ended.keys().next().value ?? "");
}
