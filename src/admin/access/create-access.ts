import { parseOrigin } from "../../config/options-schema.ts";
import type { BaseController } from "../../control/controller.ts";
import { messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import type { AccessRecord } from "../../state/access-token.ts";
import type { Access, AdminRequest, Identified } from "./access.ts";
import { type Authorize, askApplication } from "./authorize.ts";
import { type PasswordOptions, readPassword } from "./password.ts";
import { createPasswordWay } from "./password-way.ts";
import { type Known, type Refusal, refuse } from "./refusal.ts";
import { createRefusalLog } from "./refusal-log.ts";
import { createTokenWay, hasExpired, presentedToken } from "./token-way.ts";

export interface AccessOptions extends PasswordOptions {
  /** Has the record with the tokens and the key of sessions. Its clock, its logger and its `keys` are used too. */
  readonly gate: Pick<GateInternals, "options" | "snapshot" | "settle" | "refresh">;
  /** Stores a key when the first session begins, if none is configured. */
  readonly controller: Pick<BaseController, "execute">;
  readonly authorize?: Authorize | undefined;
  /** Whether stored tokens are accepted. @default true */
  readonly tokens?: boolean | undefined;
  /** The one origin of the admin's page, `https://admin.example`: for a proxy that changes `Host` or terminates TLS. */
  readonly origin?: string | undefined;
  /** @default the random numbers of the platform */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const ADVICE =
  "No way to sign in is set up. Create a token (npx maintenance-mode token create --name NAME --may view,switch), or give createAdmin a " +
  "password of at least 12 characters (password: process.env.MAINTENANCE_ADMIN_PASSWORD) or authorize(request) of your own.";
const NEVER_LOADED = "The state was never loaded, so no token is known. Check that the store can be reached.";

/**
 * Returns an `Access` that identifies callers by a token, a session or the application, whichever of these a request contains first. If
 * none of them is configured or stored, every request is refused. Throws `ERR_INVALID_OPTION`, which never shows the password.
 */
export function createAccess(options: AccessOptions): Access {
  const { gate, authorize, tokens = true, randomBytes = randomBytesOfPlatform } = options;
  const { clock, logger } = gate.options;
  const log = createRefusalLog(logger, clock);
  const origin = options.origin === undefined ? null : parseOrigin(options.origin);
  const password = readPassword(options);
  const tokenWay = tokens ? createTokenWay(authorize !== undefined) : null;
  const passwordWay = password && createPasswordWay({ ...options, password, stored, origin, randomBytes });

  function stored(): AccessRecord | null {
    return gate.snapshot.neverLoaded ? null : gate.snapshot.all.record.access;
  }

  function ways(): Access["ways"] {
    const now = clock.now();
    const anyToken = stored()?.tokens.some((token) => !hasExpired(token, now)) ?? false;
    return { application: authorize !== undefined, tokens: tokens && anyToken, password: password !== null };
  }

  function advice(): string | null {
    if (Object.values(ways()).includes(true)) return null;
    return tokens && stored() === null ? NEVER_LOADED : ADVICE;
  }

  async function ask(request: AdminRequest): Promise<Known | Refusal> {
    const found = tokenWay?.(request, stored(), clock.now()) ?? passwordWay?.identify(request) ?? null;
    if (found !== null) return found;
    const answer = authorize === undefined ? null : await askApplication(authorize, request, logger);
    if (answer !== null) return "status" in answer ? answer : { outcome: "known", principal: answer, headers: [] };
    const ended = passwordWay?.carriesCookie(request) ?? false;
    return {
      status: 401,
      message: ended ? "The session has ended." : "You are not signed in.",
      hint: advice() ?? undefined,
    };
  }

  /** Also for users of the application: the browser may send its cookie with a form of another site. */
  function admit(request: AdminRequest, answer: Known | Refusal): Known | Refusal {
    if (!("outcome" in answer) || answer.principal.via === "token" || READING.has(request.request.method))
      return answer;
    return isSameOrigin(request, origin) ? answer : { ...ELSEWHERE, who: answer.principal.name };
  }

  /** Any error becomes a refusal. */
  async function identified(request: AdminRequest, asked: () => Promise<Known | Refusal>): Promise<Identified> {
    try {
      await gate.settle();
      const answer = await asked();
      return "outcome" in answer ? answer : refuse(request, answer, log);
    } catch (error) {
      const message = `The caller could not be identified: ${messageOf(error)}`;
      return refuse(request, { status: 401, message, cause: error }, log);
    }
  }

  return {
    get ways() {
      return ways();
    },
    get advice() {
      return advice();
    },
    identify: (request) => identified(request, async () => admit(request, await ask(request))),
    signIn: (request, candidate) =>
      identified(request, async () => {
        if (passwordWay === null)
          return { status: 401, message: "There is no password to sign in with.", hint: advice() ?? undefined };
        return isSameOrigin(request, origin) ? await passwordWay.signIn(request, candidate) : ELSEWHERE;
      }),
    async signOut(request) {
      // A form of another site is sent without the cookie, which is `SameSite=Strict`; the answer would still remove it.
      const own = presentedToken(request.request.headers) !== null || isSameOrigin(request, origin);
      return own ? ((await passwordWay?.signOut(request)) ?? []) : refuse(request, ELSEWHERE, log);
    },
  };
}

const ELSEWHERE: Refusal = {
  status: 403,
  message: "The change does not come from the admin's own pages.",
  hint: "Use those pages, or send a token. Behind a proxy that changes `Host`, set the admin's `origin`.",
};

function randomBytesOfPlatform(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * Whether a change comes from the admin's own pages. `Sec-Fetch-Site` decides if the browser sends it: no page can set it. Otherwise
 * `Origin` does. A request with neither is refused: it may be a form in an old browser.
 *
 * `declared` is the only accepted origin, behind a proxy that changes `Host`; `null` for the origin of the request.
 */
export function isSameOrigin({ request, secure }: AdminRequest, declared: string | null): boolean {
  const fetchSite = request.headers.get("sec-fetch-site");
  // Pages with `Referrer-Policy: no-referrer` send `Origin: null` with their forms, as pages without an origin do.
  const sent = request.headers.get("origin");
  const origin = sent === "null" ? null : sent;
  if (declared !== null && origin !== null && origin !== declared) return false;
  if (fetchSite !== null) return fetchSite === "same-origin";
  if (origin === null) return false;
  const { host } = new URL(request.url);
  // An undeclared proxy may have terminated TLS. The page of the same host by https is still the admin's own.
  return origin === declared || origin === `https://${host}` || (!secure && origin === `http://${host}`);
}
