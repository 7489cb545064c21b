import { cookieValues } from "../../bypass/cookie-header.ts";
import { toBase64Url } from "../../bypass/token.ts";
import type { BaseController } from "../../control/controller.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { type AccessRecord, type EndedSession, RIGHTS } from "../../state/access-token.ts";
import type { AdminRequest } from "./access.ts";
import { createAttemptLimiter } from "./attempt-limiter.ts";
import type { Password } from "./password.ts";
import { grant } from "./principal.ts";
import type { Known, Refusal } from "./refusal.ts";
import type { AdminSession } from "./session-cookie.ts";
import { comesByProxy, sessionTransport, setSessionCookie } from "./session-cookie.ts";
import { createSessions } from "./sessions.ts";

export interface PasswordWay {
  /** Returns the signed-in caller; `null` if there is none, or the session has ended. */
  identify(request: AdminRequest): Known | null;
  /** Whether the request has the cookie of a session, valid or not. */
  carriesCookie(request: AdminRequest): boolean;
  signIn(request: AdminRequest, candidate: string): Promise<Known | Refusal>;
  signOut(request: AdminRequest): Promise<readonly (readonly [name: string, value: string])[]>;
}

export interface PasswordWayOptions {
  readonly password: Password;
  readonly gate: Pick<GateInternals, "options" | "refresh">;
  readonly controller: Pick<BaseController, "execute">;
  /** Returns `null` before the first load. */
  readonly stored: () => AccessRecord | null;
  readonly origin: string | null;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Name in the history for everyone who signs in with the password; the address beside it distinguishes them. */
const NAME = "admin";
const KEY_BYTES = 32;
/** Delay after a wrong password from an unknown address. */
const PAUSE_MS = 1_000;

export function createPasswordWay(options: PasswordWayOptions): PasswordWay {
  const { password, gate, controller, stored, origin, randomBytes } = options;
  const { clock, keys, logger } = gate.options;
  const guesses = createAttemptLimiter();
  const sessions = createSessions({ keys, fingerprint: password.fingerprint, name: NAME, randomBytes });

  function cookiesOf(request: AdminRequest): readonly string[] {
    return cookieValues(request.request.headers.get("cookie") ?? "", sessionTransport(request, origin).name);
  }

  function inForce(request: AdminRequest, now: number): { session: AdminSession; access: AccessRecord } | null {
    const access = stored();
    const session = access === null ? null : sessions.find(cookiesOf(request), access, now);
    return access === null || session === null ? null : { session, access };
  }

  /** Returns the record with the key for sessions. The first session creates the key, if none is configured. */
  async function ready(address: string | undefined): Promise<AccessRecord> {
    if (stored() === null) await gate.refresh();
    const access = stored();
    if (access === null) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "The state was never loaded.");
    if (keys.length > 0 || access.sessionKey !== null) return access;
    const { outcomes } = await controller.execute(
      { type: "begin-sessions", key: toBase64Url(randomBytes(KEY_BYTES)), reason: "first sign-in" },
      { kind: "admin", label: NAME, from: address },
    );
    await gate.refresh();
    return outcomes[0]?.after?.access ?? access;
  }

  /** Signing out always succeeds in this process: the cookie is removed, and its copies are refused. */
  async function endEverywhere(ended: EndedSession, address: string | undefined): Promise<void> {
    try {
      await controller.execute({ type: "end-session", ...ended }, { kind: "admin", label: NAME, from: address });
      await gate.refresh();
    } catch (error) {
      logger.error(`The end of a session could not be stored, so other processes still accept it: ${messageOf(error)}`);
    }
  }

  function known(session: AdminSession, cookie: string | null): Known {
    const { name, session: key } = session;
    const principal = { name, via: "session", key, ...grant(RIGHTS, null) } as const;
    return { outcome: "known", principal, headers: cookie === null ? [] : [["Set-Cookie", cookie]] };
  }

  function cookieFor(session: AdminSession, access: AccessRecord, request: AdminRequest): string {
    const maxAge = session.expires - session.issued;
    return setSessionCookie(sessionTransport(request, origin), sessions.sign(session, access), maxAge);
  }

  return {
    identify(request) {
      const now = clock.now();
      const found = inForce(request, now);
      if (found === null) return null;
      const renewed = sessions.renew(found.session, now);
      return known(found.session, renewed && cookieFor(renewed, found.access, request));
    },
    carriesCookie: (request) => cookiesOf(request).length > 0,
    async signIn(request, candidate) {
      const { address } = request;
      const transport = sessionTransport(request, origin);
      if (!transport.confidential || comesByProxy(request, transport)) return PLAIN_HTTP;
      const retryAfter = guesses.wait(address, clock.now());
      if (retryAfter > 0) return { status: 429, message: "Too many wrong passwords from this address.", retryAfter };
      const right = await password.check(candidate, guesses.place(address, clock.now()), async () => {
        // Without an address the client cannot wait: the next check waits instead.
        if (address === undefined) await new Promise<void>((resolve) => clock.setTimer(resolve, PAUSE_MS));
      });
      if (right === "busy")
        return { status: 429, message: "Too many passwords are being checked at once.", retryAfter: 2 };
      if (!right) {
        guesses.fail(address, clock.now());
        return { status: 401, message: "The password is wrong.", who: "an unknown user" };
      }
      guesses.succeed(address);
      try {
        const access = await ready(address);
        const session = sessions.begin(access, clock.now());
        logger.info(`A user signed in to the admin from ${address ?? "an unknown address"}.`);
        return known(session, cookieFor(session, access, request));
      } catch (error) {
        const hint = error instanceof MaintenanceError ? error.hint : undefined;
        return { status: 503, message: `The session could not be created: ${messageOf(error)}`, hint, cause: error };
      }
    },
    async signOut(request) {
      const found = inForce(request, clock.now());
      if (found !== null) await endEverywhere(sessions.end(found.session), request.address);
      return [["Set-Cookie", setSessionCookie(sessionTransport(request, origin), "", 0)]];
    },
  };
}

const PLAIN_HTTP: Refusal = {
  status: 403,
  message: "A password is not accepted over plain http.",
  hint: "Open the admin over https. If a proxy terminates TLS, set `trustProxy` or the admin's `origin`. On the machine itself, http://localhost works too.",
};
