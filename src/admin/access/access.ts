import type { MaintenanceError } from "../../errors.ts";
import type { Principal } from "./principal.ts";

/** Identifies the callers of the admin. */
export interface Access {
  /** The configured ways to sign in. If all are false, every request is refused, and `advice` says what to configure. */
  readonly ways: { readonly application: boolean; readonly tokens: boolean; readonly password: boolean };
  readonly advice: string | null;
  /**
   * Returns the caller. Never throws or rejects. For a change (any method but GET, HEAD and OPTIONS) the request must also come from
   * the same origin, unless it carries a bearer token, which no browser adds automatically.
   */
  identify(request: AdminRequest): Promise<Identified>;
  /** Exchanges the password for a session. `headers` contains the cookie. Refused like `identify`. */
  signIn(request: AdminRequest, password: string): Promise<Identified>;
  /**
   * Ends this session in every process, and returns the headers that remove its cookie. Refused in the same cases as a change, even if
   * the request has no cookie.
   */
  signOut(request: AdminRequest): Promise<readonly (readonly [name: string, value: string])[] | Refused>;
}

type Refused = Extract<Identified, { outcome: "refused" }>;

export interface AdminRequest {
  readonly request: Request;
  /** Address of the client, found with the gate's trusted proxies; `undefined` if unknown. */
  readonly address: string | undefined;
  /** Whether the client uses https, as far as that is certain. */
  readonly secure: boolean;
  /** Whether the connection comes from this machine without a proxy. False if unknown. */
  readonly local: boolean;
  /** The framework's own request, if there is one. */
  readonly original: object;
}

export type Identified =
  | {
      readonly outcome: "known";
      readonly principal: Principal;
      /** Headers to send with the answer: the cookie of a renewed session. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly outcome: "refused";
      /** 401: not identified. 403: from another origin. 429: too many guesses. 503: the store did not answer. */
      readonly status: 401 | 403 | 429 | 503;
      readonly error: MaintenanceError;
      /** `WWW-Authenticate`, `Retry-After`. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    };
