const KEY = "maintenance-token";

/** The token with which the user signed in, as long as this tab is open. A session has a cookie and needs none. */
export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

export function bearer(): string | null {
  return sessionStorage.getItem(KEY);
}

/** The headers of each request to the API. */
export function requestHeaders(): Readonly<Record<string, string>> {
  const token = bearer();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
