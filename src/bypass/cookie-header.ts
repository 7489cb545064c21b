/** Returns the values of all cookies of that name in a `Cookie` header (RFC 6265 section 5.4), in their order. */
export function cookieValues(header: string, name: string): readonly string[] {
  const values: string[] = [];
  for (const pair of header.split(";")) {
    const trimmed = pair.trim();
    if (trimmed.startsWith(`${name}=`)) values.push(trimmed.slice(name.length + 1));
  }
  return values;
}

export interface CookieSettings {
  readonly name: string;
  /** Whether the cookie is sent over HTTPS only. */
  readonly secure: boolean;
}

/** Returns the name of the cookie. With its prefix (RFC 6265bis section 4.1.3.2) no other host can set or shadow it; browsers then require `Secure`. */
export function bypassCookieName(secure: boolean): string {
  return secure ? "__Host-maintenance-bypass" : "maintenance-bypass";
}

/** Returns the value of a `Set-Cookie` header. `maxAge` is in seconds. */
export function setCookie({ name, secure }: CookieSettings, value: string, maxAge: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly;${secure ? " Secure;" : ""} SameSite=Lax`;
}
