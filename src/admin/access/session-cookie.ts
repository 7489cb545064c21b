import { type Signing, signValue, verifyValue } from "../../bypass/signed-value.ts";
import type { AdminRequest } from "./access.ts";

/** The content of a session's cookie, proved by its signature. Times are in epoch seconds. */
export interface AdminSession {
  /** The same until the session ends. */
  readonly session: string;
  /** Changes with each renewal. */
  readonly id: string;
  readonly name: string;
  readonly began: number;
  readonly issued: number;
  readonly expires: number;
  /** Session generation of the record when the session began: raising it ends the session. */
  readonly generation: number;
}

/** `fingerprint` is that of the password: another password ends the session. */
const signing = (fingerprint: string): Signing => ({
  purpose: `maintenance-mode admin session 1\n${fingerprint}`,
  parts: 7,
});

/** The value of a session's cookie. */
export function signSession(session: AdminSession, key: string, fingerprint: string): string {
  const { id, name, began, issued, expires, generation } = session;
  return signValue(signing(fingerprint), [session.session, id, name, began, issued, expires, generation], key);
}

/** The session that one of `keys` has signed; otherwise `null`. The caller checks that it is still in force. */
export function verifySession(value: string, keys: readonly string[], fingerprint: string): AdminSession | null {
  const [session, id, name, ...numbers] = verifyValue(signing(fingerprint), value, keys) ?? [];
  const [began, issued, expires, generation] = numbers.map(Number);
  if (!session || !id || !name) return null;
  if (began === undefined || issued === undefined || expires === undefined || generation === undefined) return null;
  return { session, id, name, began, issued, expires, generation };
}

/** The properties of a session's cookie between this admin and this browser. */
export interface SessionTransport {
  /** With its prefix (RFC 6265bis section 4.1.3.1) no other host can set or shadow it. Browsers then require `Secure`. */
  readonly name: string;
  readonly secure: boolean;
  /** Whether the cookie and the password may be sent: by https, or without leaving the machine. */
  readonly confidential: boolean;
}

/** `declared`: the configured origin of the admin, if any. */
export function sessionTransport({ request, secure, local }: AdminRequest, declared: string | null): SessionTransport {
  const isHttps = declared === null ? secure : declared.startsWith("https:");
  // Any client can send `Host: localhost` from anywhere: the connection counts too.
  const plain = !isHttps && local && isLoopback(new URL(declared ?? request.url).hostname);
  return {
    name: plain ? "maintenance-admin" : "__Host-maintenance-admin",
    secure: !plain,
    confidential: isHttps || plain,
  };
}

/**
 * Whether the request came through a proxy that does not identify itself: nginx sends its own name in `Host` by default, and no header
 * that reveals it. No page can set `Origin` (Fetch section 3.2).
 */
export function comesByProxy({ request }: AdminRequest, { secure }: SessionTransport): boolean {
  const page = URL.parse(request.headers.get("origin") ?? "");
  return !secure && page !== null && !isLoopback(page.hostname);
}

/** Returns the value of a `Set-Cookie` header. `maxAge` is in seconds; 0 removes the cookie. */
export function setSessionCookie({ name, secure }: SessionTransport, value: string, maxAge: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly;${secure ? " Secure;" : ""} SameSite=Strict`;
}

/** RFC 6761 section 6.3. Takes an address as `URL` normalises it. */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
