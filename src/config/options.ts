import type { Clock } from "../clock.ts";
import type { CustomAnswer } from "../engine/answer/custom-answer.ts";
import type { AnswerType } from "../engine/answer/response-plan.ts";
import type { TemplateFunction } from "../engine/answer/template.ts";
import type { Block } from "../engine/decide/decision.ts";
import type { Operation, RequestFacts } from "../engine/decide/request-facts.ts";
import type { PageContext } from "../engine/page/context.ts";
import type { Logger } from "../logger.ts";
import type { NewExemptions } from "../state/site-record.ts";
import type { Store } from "../stores/store.ts";

/** The options of a configuration. All are optional: `normalizeOptions` adds the defaults, and refuses unknown ones. */
export interface MaintenanceOptions extends BrandingOptions {
  /**
   * Where the state is stored.
   * @default fileStore(), in `.maintenance/` of the project
   */
  readonly store?: Store | undefined;
  /**
   * The sites that this application serves, by id. `*` always exists.
   * @example { shop: { hosts: ["shop.example", "*.shop.example"] } }
   */
  readonly sites?: Readonly<Record<string, SiteOptions>> | undefined;
  /**
   * Groups that apply to every request through this gate.
   * @example ["payments-db"]
   */
  readonly groups?: readonly string[] | undefined;
  /**
   * Path patterns of the operators' own surfaces: they are never blocked, even in lockdown.
   * @example ["/ops/*"]
   */
  readonly operatorPaths?: readonly string[] | undefined;
  /** Requests that pass although a site is closed. */
  readonly exempt?: ExemptOptions | undefined;
  /**
   * Returns the user of a request. Called inside the application, with the framework's request, only when an exemption depends on
   * the user. May be asynchronous. `undefined` and `null` fall back to the default; return `false` for an anonymous visitor.
   * @default the user that common authentication sets: `user`, `session.user` or `auth.user` of the request, or of Express's `response.locals`
   */
  getUser?(request: object): unknown;
  /** Users whose sessions end when they request a closed site and no other exemption admits them. From then on they count as anonymous. */
  readonly logOut?: LogOutOptions | undefined;
  /**
   * Keys that sign the cookies which replace bypass links: the first signs, all verify, so that keys can be rotated. Each has at least 32
   * characters. `MAINTENANCE_KEYS` in the environment, separated by commas, takes precedence.
   * @default each link has its own key, in the store
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Whether bypass cookies are sent over HTTPS only. Turn it off only if the site has no HTTPS.
   * @default true
   */
  readonly secureCookies?: boolean | undefined;
  /** Which requests read and which write, for a site in `read-only`. */
  readonly readOnly?: ReadOnlyOptions | undefined;
  /**
   * Status of the response to a blocked request, 400 to 599; a site's record can override it.
   * @default 503
   */
  readonly statusCode?: number | undefined;
  /**
   * Seconds in `Retry-After`; 0 leaves the header out.
   * @default the seconds to a known end, else 3,600
   */
  readonly retryAfter?: number | undefined;
  /**
   * Seconds in `Refresh`.
   * @default no header: the built-in page returns automatically
   */
  readonly refresh?: number | undefined;
  /**
   * A path or URL to send browsers to while a site is closed. `GET` and `HEAD` of it pass; of an absolute URL, if its host is one of a
   * site.
   */
  readonly redirect?: string | undefined;
  /**
   * Type of the answer to a blocked request, or a function that returns it for each request.
   * @default the type that `Accept` prefers, else HTML
   */
  readonly responseType?: AnswerType | ((request: RequestFacts) => AnswerType | undefined) | undefined;
  /**
   * Path patterns that are always answered with problem+json.
   * @example ["/api/*"]
   */
  readonly jsonPaths?: readonly string[] | undefined;
  /**
   * The page of a closed site in place of the built-in one: a function, a file with `{{placeholders}}`, or in a framework with views the name
   * of one. Rendered once per change and language. If it fails, the built-in page is sent and the error is logged.
   */
  readonly template?: TemplateFunction | { readonly file: string } | { readonly view: string } | undefined;
  /** Returns additional members for the input of a template. */
  context?(page: PageContext): Readonly<Record<string, unknown>>;
  /** Returns the application's own answer to a blocked request; `undefined` for the usual one. Errors are logged. */
  respond?(request: RequestFacts, decision: Block): CustomAnswer | undefined;
  /** Other origins whose programs may read the answers of a closed site. */
  readonly cors?: CorsOptions | undefined;
  /**
   * The proxies whose forwarding header is trusted: their number, their addresses and ranges, or a preset: `aws-alb`, `cloudflare`,
   * `fly`, `heroku`, `nginx`, `vercel`. `X-Forwarded-For` is read from the right, up to the first address that is not trusted.
   * @default none: the client's address is that of the socket
   * @example ["10.0.0.0/8"]
   */
  readonly trustProxy?: number | string | readonly string[] | undefined;
  /** Returns the client's address from the framework's request; `undefined` falls back to `trustProxy`. */
  clientAddress?(request: object): string | undefined;
  /** Overrides the store while it is set: every switch is refused. `MAINTENANCE_MODE=on|off` in the environment takes precedence. */
  readonly override?: "on" | "off" | undefined;
  /**
   * Whether sites are open or closed while a process has never loaded the state.
   * @default "open"
   */
  readonly whenNeverLoaded?: "open" | "closed" | undefined;
  /**
   * Milliseconds between two polls of the store, 100 to 3,600,000.
   * @default 2000
   */
  readonly pollInterval?: number | undefined;
  /**
   * Milliseconds that the first requests wait for the first load, which is repeated every 100 ms, before `whenNeverLoaded` applies. Time in
   * which the event loop is blocked is not counted.
   * @default 5000
   */
  readonly startTimeout?: number | undefined;
  /**
   * Whether patterns ignore the case of the path.
   * @default false
   */
  readonly ignoreCase?: boolean | undefined;
  /**
   * Where warnings and errors are logged.
   * @default warnings of the process
   */
  readonly logger?: Logger | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
  /** For tests: numbers from 0 up to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The owner of a site on the page of a closed site: for all sites, or for one. */
export interface BrandingOptions {
  /**
   * Name of the site's owner, at the top of the page of a closed site.
   * @default the host of the request
   * @example "Example Shop"
   */
  readonly name?: string | undefined;
  /**
   * How visitors can contact the owner: a mail address, a telephone number, a URL, or a sentence.
   * @example "help@shop.example"
   */
  readonly contact?: string | undefined;
  /**
   * An image in place of the name, with the name as its alternative text: a `data:` URI of at most 32,768 characters, of a PNG, JPEG, GIF,
   * WebP, AVIF or SVG image.
   * @example "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
   */
  readonly logo?: string | undefined;
}

/** A site. Its `name`, `contact` and `logo` replace those of the configuration. */
export interface SiteOptions extends BrandingOptions {
  /** Host names: `shop.example`, `*.shop.example`. A site without hosts is a group. */
  readonly hosts?: readonly string[] | undefined;
}

/** @example { addresses: ["10.0.0.0/8", { range: "2001:db8::/32", description: "office" }], healthPaths: ["/healthz"] } */
export interface ExemptOptions extends NewExemptions {
  readonly methods?: readonly string[] | undefined;
  /** Path patterns of health probes. For `GET` and `HEAD` only. */
  readonly healthPaths?: readonly string[] | undefined;
  /**
   * Path patterns that certificate renewal and the like need. For `GET` and `HEAD` only; a certificate challenge has one segment of letters,
   * digits, `-` and `_`. With `[]`, certificates may expire while a site is closed.
   * @default ["/.well-known/acme-challenge/*"]
   */
  readonly wellKnownPaths?: readonly string[] | undefined;
  /** Path patterns of an admin site where operators sign in and work. */
  readonly adminPaths?: readonly string[] | undefined;
  /** Kinds of user, or a predicate on the result of `getUser`. */
  readonly users?: UserExemptions | ((user: unknown) => boolean) | undefined;
  /**
   * Whether every request passes while a test runner runs the process (`NODE_ENV=test`).
   * @default false
   */
  readonly tests?: boolean | undefined;
}

export interface UserExemptions {
  readonly anonymous?: boolean | undefined;
  readonly authenticated?: boolean | undefined;
  readonly staff?: boolean | undefined;
  readonly superuser?: boolean | undefined;
}

export interface LogOutOptions {
  /** Every signed-in user. */
  readonly authenticated?: boolean | undefined;
  readonly staff?: boolean | undefined;
  readonly superuser?: boolean | undefined;
  /** Ends the session of this request, before it is decided on; given the framework's request. May be asynchronous. */
  end(request: object): unknown;
}

export interface ReadOnlyOptions {
  /** Path patterns whose `POST` only reads, such as a search. */
  readonly reads?: readonly string[] | undefined;
  /** Path patterns whose `GET` writes, such as a one-click unsubscribe. */
  readonly writes?: readonly string[] | undefined;
  /**
   * Returns whether a request with an unsafe method only reads: a GraphQL query, an RPC call. Called inside the application, with the
   * framework's request; `undefined` for the usual meaning of the method. May be asynchronous.
   */
  classify?(request: object): Operation | undefined | Promise<Operation | undefined>;
}

export interface CorsOptions {
  /** Origins such as `https://app.example`, or `*` for all. */
  readonly origins: "*" | readonly string[];
  /**
   * Whether the application uses cookies across origins. Not with `*`.
   * @default false
   */
  readonly credentials?: boolean | undefined;
}
