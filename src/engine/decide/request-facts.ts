/** The facts of a request that a decision depends on. Adapters provide them; members may be computed when first read. */
export interface RequestFacts {
  /** As received: `GET`. */
  readonly method: string;
  /** The host of the request, as received: `Shop.Example:8080`. Of several, the one in the request target. */
  readonly host: string | undefined;
  /** Other hosts that the same request names, as received. Each gets a decision too, and the strictest one counts. */
  readonly otherHosts: readonly string[];
  /** The request target as received: path and query, `/a?x=1`. */
  readonly target: string;
  /** The client's address, found with the configured proxies; `undefined` if it is not known. */
  readonly address: string | undefined;
  /** The user; `undefined` before the application was asked. A decision that depends on it is then deferred. */
  readonly user: UserFacts | undefined;
  /** The result of `readOnly.classify`: whether the request only reads. `undefined` before it was called, `null` if it does not know. */
  readonly operation: Operation | null | undefined;
  /** `false` if no code of the application has run for this request; absent if that is not known. */
  readonly processed?: false | undefined;
  /** The mark of the matched route. */
  readonly route: RouteMark | undefined;
  /** A header's value, by lower-case name; several values are joined by a comma as in RFC 9110 section 5.2. */
  header(name: string): string | undefined;
}

/** The effect of a request, for a site that is read-only. */
export type Operation = "read" | "write";

/** The mark of a route: `maintenanceOff` forces it open, `maintenanceOn` forces it closed. */
export type RouteMark = "forced-open" | "forced-closed";

/** The kinds of a user, from the result of `getUser`. */
export interface UserFacts {
  readonly authenticated: boolean;
  readonly staff: boolean;
  readonly superuser: boolean;
  /** Whether the application's own predicate admits this user. */
  readonly exempt: boolean;
}

export const ANONYMOUS: UserFacts = { authenticated: false, staff: false, superuser: false, exempt: false };
