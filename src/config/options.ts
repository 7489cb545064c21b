import type { Clock } from "../clock.ts";
import type { CustomAnswer } from "../engine/answer/custom-answer.ts";
import type { AnswerType } from "../engine/answer/response-plan.ts";
import type { TemplateFunction } from "../engine/answer/template.ts";
import type { Block } from "../engine/decide/decision.ts";
import type { Operation, RequestFacts } from "../engine/decide/request-facts.ts";
import type { PageContext } from "../engine/page/context.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../stores/store.ts";

/** What a configuration may say. Generous here; `normalizeOptions` makes it complete and refuses what it does not know. */
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
  /** Who gets in although a site is closed. */
  readonly exempt?: ExemptOptions | undefined;
  /**
   * Returns the user of a request. Called inside the application, with the framework's request, only when an exemption depends on
   * the user. May be asynchronous. `undefined` and `null` fall back to the default; return `false` for an anonymous visitor.
   * @default What the usual authentication sets: `user`, `session.user` or `auth.user` of the request, or of Express's `response.locals`.
   */
  getUser?(request: object): unknown;
  /** Whose session ends when they meet a closed site and no other exemption lets them in; from then on they count as anonymous. */
  readonly logOut?: LogOutOptions | undefined;
  /**
   * Sign the cookies for which bypass links are swapped: the first signs, all verify, so that they can be rotated. Each at least 32
   * characters. `MAINTENANCE_KEYS` in the environment, separated by commas, comes before. Default: each link has a key of its own, in the store.
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Bypass cookies are sent over HTTPS only. Turn it off only where the site has no HTTPS.
   * @default true
   */
  readonly secureCookies?: boolean | undefined;
  /** What counts as reading and as writing while a site is `read-only`. */
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
  /** Or a function that says so for each request. Default: as the request's `Accept` prefers, HTML when it does not say. */
  readonly responseType?: AnswerType | ((request: RequestFacts) => AnswerType | undefined) | undefined;
  /**
   * Path patterns that are always answered with problem+json.
   * @example ["/api/*"]
   */
  readonly jsonPaths?: readonly string[] | undefined;
  /**
   * The page of a closed site in place of the built-in one: a function, a file with `{{placeholders}}`, or, inside a framework with views, the
   * name of one. Called once per change and language. One that fails gives way to the built-in page, and is reported.
   */
  readonly template?: TemplateFunction | { readonly file: string } | { readonly view: string } | undefined;
  /** What a template is given besides. */
  context?(page: PageContext): Readonly<Record<string, unknown>>;
  /** The application's own answer to a blocked request; `undefined`: the usual one. What it throws is reported. */
  respond?(request: RequestFacts, decision: Block): CustomAnswer | undefined;
  /** Other origins whose programs may read that the site is closed. */
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
  /** Overrides the store while it is set, and every switch is refused. `MAINTENANCE_MODE=on|off` in the environment beats this. */
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
   * Milliseconds that the first requests wait for the first load, which is tried again every 100 ms, before `whenNeverLoaded` counts.
   * Time in which the event loop is blocked is not counted.
   * @default 5000
   */
  readonly startTimeout?: number | undefined;
  /**
   * Patterns ignore the case of the path.
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

/** What the page of a closed site says of its owner: for all sites, or for one. */
export interface BrandingOptions {
  /**
   * Whose site it is, as the page of a closed site says above everything else.
   * @default the host that the visitor asked for
   * @example "Example Shop"
   */
  readonly name?: string | undefined;
  /**
   * Where visitors reach people meanwhile: a mail address, a telephone number, a URL, or a sentence.
   * @example "help@shop.example"
   */
  readonly contact?: string | undefined;
  /**
   * A picture in place of the name, which is then read out: a `data:` URI of at most 32,768 characters, of a PNG, JPEG, GIF, WebP, AVIF or
   * SVG image.
   * @example "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
   */
  readonly logo?: string | undefined;
}

/** A site, with a `name`, `contact` and `logo` of its own in place of those of the configuration. */
export interface SiteOptions extends BrandingOptions {
  /** Host names: `shop.example`, `*.shop.example`. None: a group. */
  readonly hosts?: readonly string[] | undefined;
}

export interface ExemptOptions {
  /** Path patterns. */
  readonly paths?: readonly string[] | undefined;
  /**
   * Addresses and CIDR ranges.
   * @example ["10.0.0.0/8", "2001:db8::/32"]
   */
  readonly addresses?: readonly string[] | undefined;
  readonly methods?: readonly string[] | undefined;
  /** Where health probes ask, as path patterns. For `GET` and `HEAD` only. */
  readonly healthPaths?: readonly string[] | undefined;
  /**
   * What has to work for the site to come back. Default: `["/.well-known/acme-challenge/*"]`, without which certificates expire; `[]` takes it away. For `GET`
   * and `HEAD` only; of a certificate challenge one segment of letters, digits, `-` and `_`.
   */
  readonly wellKnownPaths?: readonly string[] | undefined;
  /** Where operators sign in and work: an admin site. */
  readonly adminPaths?: readonly string[] | undefined;
  /** Kinds of user, or a predicate over whatever `getUser` gives. */
  readonly users?: UserExemptions | ((user: unknown) => boolean) | undefined;
  /**
   * Every request passes while a test runner runs the process (`NODE_ENV=test`).
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
  /** Every user who is signed in. */
  readonly authenticated?: boolean | undefined;
  readonly staff?: boolean | undefined;
  readonly superuser?: boolean | undefined;
  /** Ends the session of this request, before it is decided on; given the framework's request. May be asynchronous. */
  end(request: object): unknown;
}

export interface ReadOnlyOptions {
  /** Path patterns whose `POST` only reads: a search. */
  readonly reads?: readonly string[] | undefined;
  /** Path patterns whose `GET` writes: a one-click unsubscribe. */
  readonly writes?: readonly string[] | undefined;
  /**
   * Says of a request with an unsafe method whether it only reads: a GraphQL query, an RPC call. Called inside the application, with the
   * framework's request; `undefined`: go by the method. May be asynchronous.
   */
  classify?(request: object): Operation | undefined | Promise<Operation | undefined>;
}

export interface CorsOptions {
  /** Origins such as `https://app.example`, or `*` for all. */
  readonly origins: "*" | readonly string[];
  /** The application uses cookies across origins; not with `*`. Default: false. */
  readonly credentials?: boolean | undefined;
}
