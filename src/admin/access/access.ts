import type { MaintenanceError } from "../../errors.ts";
import type { Principal } from "./principal.ts";

/** Identifies the callers of the admin. */
export interface Access {
  /** Ways that are configured, for the sign-in page. All false: every request is refused, and `advice` says what to set. */
  readonly ways: { readonly application: boolean; readonly tokens: boolean; readonly password: boolean };
  readonly advice: string | null;
  /**
   * The caller. Never throws and never rejects. For a change (any method but GET, HEAD and OPTIONS) the request must also come from
   * the same origin, unless it carries a bearer token, which no browser adds automatically.
   */
  identify(request: AdminRequest): Promise<Identified>;
  /** Swaps the password for a session. `headers` carries the cookie. Refused like `identify`. */
  signIn(request: AdminRequest, password: string): Promise<Identified>;
  /**
   * Ends this one session for every process, and returns the headers that remove its cookie; refused like a change, with or without
   * the cookie.
   */
  signOut(request: AdminRequest): Promise<readonly (readonly [name: string, value: string])[] | Refused>;
}

type Refused = Extract<Identified, { outcome: "refused" }>;

export interface AdminRequest {
  readonly request: Request;
  /** Of the client, as the gate's trusted proxies tell it; `undefined`: unknown. */
  readonly address: string | undefined;
  /** The client came by https, as far as can be trusted. */
  readonly secure: boolean;
  /** The connection comes from this machine, and no proxy has said otherwise. Unknown counts as no. */
  readonly local: boolean;
  /** The framework's own request, where there is one. */
  readonly original: object;
}

export type Identified =
  | {
      readonly outcome: "known";
      readonly principal: Principal;
      /** To send along with the answer: a session that was renewed. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly outcome: "refused";
      /** 401: who is it? 403: not from this origin. 429: too many guesses. 503: the store did not answer. */
      readonly status: 401 | 403 | 429 | 503;
      readonly error: MaintenanceError;
      /** `WWW-Authenticate`, `Retry-After`. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    };
