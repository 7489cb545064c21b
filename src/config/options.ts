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
   * @default {}
   * @example { shop: { hosts: ["shop.example", "*.shop.example"] } }
   */
  readonly sites?: Readonly<Record<string, SiteOptions>> | undefined;
  /**
   * Groups that apply to every request through this gate.
   * @default []
   * @example ["payments-db"]
   */
  readonly groups?: readonly string[] | undefined;
  /**
   * Names of entries to these sites that are not on the list of processes, such as Workers, functions or older releases. `on --wait` names
   * them: it cannot know whether they have closed.
   * @default []
   * @example ["edge worker"]
   */
  readonly surfaces?: readonly string[] | undefined;
  /**
   * Path patterns of the operators' own surfaces: they are never blocked, even in lockdown.
   * @default []
   * @example ["/ops/*"]
   */
  readonly operatorPaths?: readonly string[] | undefined;
  /**
   * Requests that pass although a site is closed. The exemptions in the records of the sites are added to these.
   * @default {}
   * @example { paths: ["/status"], addresses: ["10.0.0.0/8"], users: { staff: true } }
   */
  readonly exempt?: ExemptOptions | undefined;
  /**
   * Returns the user of a request. Called inside the application, with the framework's request, only when an exemption depends on
   * the user. May be asynchronous. `undefined` and `null` fall back to the default; return `false` for an anonymous visitor.
   * @default the user that common authentication sets: `user`, `session.user` or `auth.user` of the request, or of Express's `response.locals`
   * @example (request) => accountOf(request)
   */
  getUser?(request: object): unknown;
  /**
   * Users whose sessions end when they request a closed site and no other exemption admits them. From then on they count as anonymous.
   * @default no user
   * @example { authenticated: true, staff: false, end: (request) => endSession(request) }
   */
  readonly logOut?: LogOutOptions | undefined;
  /**
   * Keys that sign the cookies which replace bypass links: the first signs, all verify, so that keys can be rotated. Each has at least 32
   * characters. Those of `MAINTENANCE_KEYS` in the environment, separated by commas, come before them.
   * @default []: each link has its own key, in the store
   * @example [process.env.NEW_KEY, process.env.OLD_KEY]
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Whether bypass cookies are sent over HTTPS only. Turn it off only if the site has no HTTPS.
   * @default true
   */
  readonly secureCookies?: boolean | undefined;
  /**
   * Which requests read and which write, for a site in `read-only`.
   * @default by their method: `GET`, `HEAD` and the other safe methods read
   * @example { reads: ["/search"], writes: ["/unsubscribe"] }
   */
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
   * @default none: the page is the answer
   * @example "/down"
   */
  readonly redirect?: string | undefined;
  /**
   * Type of the answer to a blocked request, or a function that returns it for each request.
   * @default the type that `Accept` prefers, else HTML
   */
  readonly responseType?: AnswerType | ((request: RequestFacts) => AnswerType | undefined) | undefined;
  /**
   * Path patterns that are always answered with problem+json.
   * @default []
   * @example ["/api/*"]
   */
  readonly jsonPaths?: readonly string[] | undefined;
  /**
   * The page of a closed site in place of the built-in one: a function, a file with `{{placeholders}}`, or in a framework with views the name
   * of one. Rendered once per change and language, a view for each request. If it fails, the built-in page is sent and the error is logged.
   * @default the built-in page
   * @example { file: "maintenance.html" }
   */
  readonly template?: TemplateFunction | { readonly file: string } | { readonly view: string } | undefined;
  /**
   * Returns additional members for the input of a template.
   * @example () => ({ phone: "+49 30 1234567" })
   */
  context?(page: PageContext): Readonly<Record<string, unknown>>;
  /**
   * Returns the application's own answer to a blocked request; `undefined` for the usual one. Synchronous. If it throws, the error is
   * logged and the usual answer is sent.
   * @example (request) => (request.target.startsWith("/api/") ? { body: '{"error":"maintenance"}' } : undefined)
   */
  respond?(request: RequestFacts, decision: Block): CustomAnswer | undefined;
  /**
   * Other origins whose programs may read the answers of a closed site.
   * @default none
   * @example { origins: ["https://app.example"] }
   */
  readonly cors?: CorsOptions | undefined;
  /**
   * The proxies whose forwarding header is trusted: their number, their addresses and ranges, or a preset: `aws-alb`, `cloudflare`,
   * `fly`, `heroku`, `nginx`, `vercel`. `X-Forwarded-For` is read from the right, up to the first address that is not trusted.
   * @default none: the client's address is that of the socket
   * @example ["10.0.0.0/8"]
   */
  readonly trustProxy?: number | string | readonly string[] | undefined;
  /**
   * Returns the client's address from the framework's request; `undefined` falls back to `trustProxy`.
   * @default the address that `trustProxy` yields
   */
  clientAddress?(request: object): string | undefined;
  /**
   * Overrides the store while it is set: every switch is refused with `ERR_OVERRIDDEN`. `MAINTENANCE_MODE=on|off` in the environment takes
   * precedence.
   * @default none: the store decides
   */
  readonly override?: "on" | "off" | undefined;
  /**
   * Whether sites are open or closed while a process has never loaded the state.
   * @default "open"
   */
  readonly whenNeverLoaded?: "open" | "closed" | undefined;
  /**
   * Whether this process is in the list of the processes that follow the state, where the store keeps one (`store.members`). Commands
   * then report which processes have applied a change, and can wait for it. With `"strict"`, nothing is let in before the process is in
   * the list, so that no process can be missed; it requires `whenNeverLoaded: "closed"`, and sets it if it is left out.
   * @default "presence"
   */
  readonly fleet?: "presence" | "strict" | false | undefined;
  /**
   * Name of this process for people, in the list of processes: one line of at most 200 characters. `MAINTENANCE_LABEL` in the environment
   * takes precedence.
   * @default the name of the host
   * @example "web-3"
   */
  readonly label?: string | undefined;
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
  /**
   * For tests.
   * @default the system's clock
   */
  readonly clock?: Clock | undefined;
  /**
   * For tests: numbers from 0 up to 1.
   * @default Math.random
   */
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
   * @default none
   * @example "help@shop.example"
   */
  readonly contact?: string | undefined;
  /**
   * An image in place of the name, with the name as its alternative text: a `data:` URI of at most 32,768 characters, of a PNG, JPEG, GIF,
   * WebP, AVIF or SVG image.
   * @default none: the name is shown
   * @example "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
   */
  readonly logo?: string | undefined;
}

/** A site. Its `name`, `contact` and `logo` replace those of the configuration. */
export interface SiteOptions extends BrandingOptions {
  /**
   * Host names. A site without hosts is a group.
   * @default []
   * @example ["shop.example", "*.shop.example"]
   */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * Requests that pass although a site is closed.
 * @example { addresses: ["10.0.0.0/8", { range: "2001:db8::/32", description: "office" }], healthPaths: ["/healthz"] }
 */
export interface ExemptOptions extends NewExemptions {
  /**
   * Methods, in any case.
   * @default []
   * @example ["OPTIONS"]
   */
  readonly methods?: readonly string[] | undefined;
  /**
   * Path patterns of health probes. For `GET` and `HEAD` only.
   * @default []
   * @example ["/healthz", "/readyz"]
   */
  readonly healthPaths?: readonly string[] | undefined;
  /**
   * Path patterns that certificate renewal and the like need. For `GET` and `HEAD` only; a certificate challenge has one segment of letters,
   * digits, `-` and `_`. With `[]`, certificates may expire while a site is closed.
   * @default ["/.well-known/acme-challenge/*"]
   */
  readonly wellKnownPaths?: readonly string[] | undefined;
  /**
   * Path patterns of an admin site where operators sign in and work.
   * @default []
   * @example ["/admin/*", "/login"]
   */
  readonly adminPaths?: readonly string[] | undefined;
  /**
   * Kinds of users, or a predicate on the result of `getUser`, which is `undefined` for an anonymous visitor.
   * @default none
   * @example { staff: true, superuser: true }
   */
  readonly users?: UserExemptions | ((user: unknown) => boolean) | undefined;
  /**
   * Whether every request passes while a test runner runs the process (`NODE_ENV=test`).
   * @default false
   */
  readonly tests?: boolean | undefined;
}

/** Kinds of users that pass a closed site. */
export interface UserExemptions {
  /**
   * Users who are not signed in.
   * @default false
   */
  readonly anonymous?: boolean | undefined;
  /**
   * Users who are signed in.
   * @default false
   */
  readonly authenticated?: boolean | undefined;
  /**
   * Users with `staff`, `isStaff` or `is_staff`, or with the role `staff`.
   * @default false
   */
  readonly staff?: boolean | undefined;
  /**
   * Users with `superuser`, `isSuperuser`, `is_superuser`, `admin`, `isAdmin` or `is_admin`, or with the role `superuser` or `admin`.
   * @default false
   */
  readonly superuser?: boolean | undefined;
}

/** Kinds of users to log out, and how. */
export interface LogOutOptions {
  /**
   * Every signed-in user.
   * @default false
   */
  readonly authenticated?: boolean | undefined;
  /**
   * The same kind as in `exempt.users`.
   * @default the value of `authenticated`
   */
  readonly staff?: boolean | undefined;
  /**
   * The same kind as in `exempt.users`.
   * @default the value of `authenticated`
   */
  readonly superuser?: boolean | undefined;
  /** Ends the session of the request before the gate decides on it. Called with the framework's request. May be asynchronous. */
  end(request: object): unknown;
}

/** Corrections of the rule that safe methods read and all others write. */
export interface ReadOnlyOptions {
  /**
   * Path patterns whose `POST` only reads.
   * @default []
   * @example ["/search"]
   */
  readonly reads?: readonly string[] | undefined;
  /**
   * Path patterns whose `GET` writes.
   * @default []
   * @example ["/unsubscribe"]
   */
  readonly writes?: readonly string[] | undefined;
  /**
   * Returns whether a request with an unsafe method only reads, such as a GraphQL query or an RPC call; `undefined` if the method is to
   * decide. Called inside the application with the framework's request. May be asynchronous.
   * @default the method decides
   */
  classify?(request: object): Operation | undefined | Promise<Operation | undefined>;
}

/** Programs of other origins that may read the answers of a closed site. */
export interface CorsOptions {
  /**
   * The origins, or `*` for all.
   * @example ["https://app.example"]
   */
  readonly origins: "*" | readonly string[];
  /**
   * Whether the application uses cookies across origins. Not with `*`.
   * @default false
   */
  readonly credentials?: boolean | undefined;
}
