/** The facts of a request that a decision depends on. Adapters provide them; members may be computed when first read. */
export interface RequestFacts {
  /** As received: `GET`. */
  readonly method: string;
  /** The host that the request names, as received: `Shop.Example:8080`. Of several, the one in the request target. */
  readonly host: string | undefined;
  /** Other hosts that the same request names elsewhere, as received. Each is decided on as well, and the strictest decision counts. */
  readonly otherHosts: readonly string[];
  /** The request target as received: path and query, `/a?x=1`. */
  readonly target: string;
  /** The client's address, found through the declared proxies; `undefined` when it is not known. */
  readonly address: string | undefined;
  /** The user; `undefined` until the application was asked. A decision that depends on it is then deferred. */
  readonly user: UserFacts | undefined;
  /** Whether the request only reads, as `readOnly.classify` says; `undefined` until it was asked, `null` when it does not know. */
  readonly operation: Operation | null | undefined;
  /** `false`: no code of the application has run for this request. Left out where that is not known. */
  readonly processed?: false | undefined;
  /** What the matched route was marked with, if anything. */
  readonly route: RouteMark | undefined;
  /** A header's value, by lower-case name; several values are joined by a comma as in RFC 9110 section 5.2. */
  header(name: string): string | undefined;
}

export type Operation = "read" | "write";

export type RouteMark = "forced-open" | "forced-closed";

export interface UserFacts {
  readonly authenticated: boolean;
  readonly staff: boolean;
  readonly superuser: boolean;
  /** The application's own predicate says that this user may pass. */
  readonly exempt: boolean;
}

export const ANONYMOUS: UserFacts = { authenticated: false, staff: false, superuser: false, exempt: false };
