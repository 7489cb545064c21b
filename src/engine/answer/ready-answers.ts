import { bypassCookieName } from "../../bypass/cookie-header.ts";
import { mayCarryToken } from "../../bypass/token.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import type { AddressMatcher } from "../../rules/addresses/matcher.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import type { PathMatcher } from "../../rules/paths/matcher.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { decide } from "../decide/decide.ts";
import type { Block } from "../decide/decision.ts";
import { METHOD_OVERRIDES } from "../decide/is-reading.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import { isAnonymous } from "../decide/user-facts.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { usualAnswer } from "./plan-response.ts";
import type { PreparedAnswer } from "./prepared-answer.ts";
import { configuredRedirect } from "./redirect.ts";
import type { BodyEncoding, ResponsePlan } from "./response-plan.ts";

/** Maximum number of ready answers, and of those for one host: clients choose the values that are compared. */
const MAX_ANSWERS = 2_048;
const MAX_ANSWERS_OF_HOST = 32;
/** Number of answers that are not kept after a limit is reached. Then all are dropped, so that those in use come back. */
const MAX_REFUSED = 16_384;
/** Maximum number of characters of a compared value. Browsers send 150. */
const MAX_LENGTH = 512;

/** A request as `node:http` has read it. */
export interface ReceivedRequest {
  readonly method?: string | undefined;
  readonly headers: {
    readonly [name: string]: string | readonly string[] | undefined;
    readonly cookie?: string | undefined;
    readonly host?: string | undefined;
  };
  readonly rawHeaders: readonly string[];
  /** The connection. */
  readonly socket: object;
}

/** The side of an adapter that finds out more about a request if its answer depends on it. */
export interface RequestSource<Request> {
  /** As in `RequestFacts`. */
  readonly processed: false | undefined;
  /** Returns the client's address. */
  address(request: Request): string | undefined;
  /** Returns true if it is certain that the request has no user. Asks the application. */
  isAnonymous(request: Request): boolean;
}

/** The answers to the requests for one host that are blocked, unless one of the rules matches. */
interface ReadyHost {
  readonly rules: ReadyRules;
  readonly answers: ReadyAnswer[];
}

/** The rules for a host. Hosts with the same ones share them: of a thousand sites, most have none of their own. */
interface ReadyRules {
  readonly paths: readonly PathMatcher[];
  /** As those of a `PathMatcher`, for all of them. */
  readonly initials: ReadonlySet<number> | null;
  readonly addresses: readonly AddressMatcher[];
  /** Connections whose address none of these rules matches. */
  readonly strangers: WeakSet<object>;
}

/**
 * The answers to the blocked requests of one snapshot: a request that equals an earlier one in everything that `decide` and
 * `planResponse` read gets the same answer, without a call of either. If that is not certain, it gets none here.
 */
export class ReadyAnswers {
  readonly snapshot: Snapshot;
  /** All requests of a connection have its address: no proxy or function of the application states another. */
  readonly #oneAddress: boolean;
  /** By host as received. `null` if the answers for a host depend on more than what is compared. */
  readonly #hosts = new Map<string | undefined, ReadyHost | null>();
  #size = 0;
  #refused = 0;
  #lastName: string | undefined;
  #lastHost: ReadyHost | null | undefined;
  #lastRules: ReadyRules | null = null;

  constructor(snapshot: Snapshot, { trustProxy, clientAddress }: Pick<NormalOptions, "trustProxy" | "clientAddress">) {
    this.snapshot = snapshot;
    this.#oneAddress = trustProxy.kind === "none" && clientAddress === null;
  }

  /** Returns the answer to an earlier request if it is certain that this one gets the same at `now` (epoch milliseconds), else `null`. */
  find<Request extends ReceivedRequest>(
    request: Request,
    target: string,
    source: RequestSource<Request>,
    now: number,
  ): ReadyAnswer | null {
    const { nextEdge, policy } = this.snapshot;
    const host = this.#hostOf(request.headers.host);
    // At `nextEdge` a mode changes, before the next snapshot is compiled.
    if (!host || now >= nextEdge || isUnusual(request, policy)) return null;
    const { answers } = host;
    for (let index = 0; index < answers.length; index += 1) {
      const answer = answers[index];
      if (answer === undefined || !answer.fits(request, source.processed)) continue;
      if (index > 0) moveForward(answers, index);
      const isBlocked =
        !this.#mayPass(request, target, host.rules, source) && (!answer.needsUser || source.isAnonymous(request));
      return isBlocked ? answer : null;
    }
    return null;
  }

  #hostOf(name: string | undefined): ReadyHost | null | undefined {
    // Most requests are for the host of the one before.
    if (name !== undefined && name === this.#lastName) return this.#lastHost;
    this.#lastName = name;
    this.#lastHost = this.#hosts.get(name);
    return this.#lastHost;
  }

  /** Keeps the answer to a request that was not found and then blocked; `now` in epoch milliseconds. */
  add(request: ReceivedRequest, facts: RequestFacts, now: number): void {
    const known = this.#hosts.get(request.headers.host);
    const { policy, nextEdge } = this.snapshot;
    if (known === null || now >= nextEdge || isUnusual(request, policy) || !isShort(request)) return;
    if (facts.user !== undefined && (!isAnonymous(facts.user) || hasSession(request))) return;
    const isFull = this.#size >= MAX_ANSWERS || (known?.answers.length ?? 0) >= MAX_ANSWERS_OF_HOST;
    if (isFull && !this.#makeRoom()) return;
    // Not the decision that the adapter has: while it waited for the user, the snapshot may have changed.
    const block = decide(facts, this.snapshot, now);
    if (block.outcome !== "block") return;
    const host = this.#hosts.get(request.headers.host) ?? this.#readyHost(block, facts);
    if (host !== null && this.#mayPass(request, facts.target, host.rules, { address: () => facts.address })) return;
    this.#hosts.set(request.headers.host, host);
    this.#lastName = undefined;
    this.#size += 1;
    if (host === null) return;
    const answer = usualAnswer(block, facts, this.snapshot, now);
    host.answers.push(new ReadyAnswer(request, block, answer, facts));
  }

  #readyHost(block: Block, facts: RequestFacts): ReadyHost | null {
    const rules = rulesFor(block, facts, this.snapshot);
    if (rules === null) return null;
    if (this.#lastRules === null || !isSame(rules, this.#lastRules)) this.#lastRules = rules;
    return { rules: this.#lastRules, answers: [] };
  }

  /** Whether a rule could let this request pass, or its path names another host or could get another answer. */
  #mayPass<Request extends ReceivedRequest>(
    request: Request,
    target: string,
    { paths, initials, addresses, strangers }: ReadyRules,
    source: Pick<RequestSource<Request>, "address">,
  ): boolean {
    if (!isOutside(target, initials)) {
      const path = normalizePath(target);
      if (path === null || (path !== target && !target.startsWith(path))) return true;
      for (const matcher of paths) if (matcher.match(path) !== null) return true;
    }
    if (mayCarryToken(target)) return true;
    if (addresses.length === 0 || strangers.has(request.socket)) return false;
    const address = source.address(request);
    if (address === undefined) return false;
    for (const matcher of addresses) if (matcher.explain(address) !== null) return true;
    if (this.#oneAddress) strangers.add(request.socket);
    return false;
  }

  #makeRoom(): boolean {
    this.#refused += 1;
    if (this.#refused < MAX_REFUSED) return false;
    this.#hosts.clear();
    this.#lastName = undefined;
    this.#size = 0;
    this.#refused = 0;
    return true;
  }
}

/** Moves an answer one place forward, so that the most frequent ones are found first. */
function moveForward(answers: ReadyAnswer[], index: number): void {
  const answer = answers[index];
  const before = answers[index - 1];
  if (answer === undefined || before === undefined) return;
  answers[index - 1] = answer;
  answers[index] = before;
}

/** The answer to a blocked request, with the values that another request must have to get it. */
export class ReadyAnswer {
  readonly block: Block;
  /** The application was asked for the user, and there was none. */
  readonly needsUser: boolean;
  readonly #method: string | undefined;
  readonly #accept: unknown;
  readonly #language: unknown;
  readonly #destination: unknown;
  /** For a request that only retrieves, the answer is the same whether code of the application has run or not. */
  readonly #processed: false | undefined;
  readonly #usual: PreparedAnswer;
  readonly #latin1: PreparedAnswer;

  constructor(
    { method, headers }: ReceivedRequest,
    block: Block,
    answer: PreparedAnswer,
    { user, processed }: RequestFacts,
  ) {
    this.block = block;
    this.needsUser = user !== undefined;
    this.#method = method;
    this.#accept = headers.accept;
    this.#language = headers["accept-language"];
    this.#destination = headers["sec-fetch-dest"];
    this.#processed = processed;
    this.#usual = answer;
    this.#latin1 = answer.inLatin1;
  }

  /** Whether a usual request to the same host is like the one that was decided. */
  fits(request: ReceivedRequest, processed: false | undefined): boolean {
    const { method, headers } = request;
    return (
      method === this.#method &&
      headers.accept === this.#accept &&
      headers["accept-language"] === this.#language &&
      headers["sec-fetch-dest"] === this.#destination &&
      (processed === this.#processed || method === "GET" || method === "HEAD") &&
      !(this.needsUser && hasSession(request))
    );
  }

  /** Returns the answer. In `latin1`, each character of the body is one of its bytes. */
  plan(now: number, encoding: BodyEncoding): ResponsePlan {
    return (encoding === "latin1" ? this.#latin1 : this.#usual).plan(now, this.#method === "HEAD");
  }
}

/** Whether the client may be signed in: it sends a cookie or credentials. */
function hasSession({ headers }: Pick<ReceivedRequest, "headers">): boolean {
  return headers.cookie !== undefined || headers.authorization !== undefined;
}

/** Headers of which each could change the decision or the answer in its own way, besides those that begin with a colon. */
const UNUSUAL: ReadonlySet<string> = new Set(["x-forwarded-host", "upgrade", ...METHOD_OVERRIDES]);

const COLON = 0x3a;
const LOWER = 0x20;
const [H, U, X] = [0x68, 0x75, 0x78];

/**
 * Whether a request has a rare property that could change its decision or answer: two hosts, an overridden method, a bypass cookie. One
 * pass over the names costs less than a look for each of them, which most requests do not have.
 */
function isUnusual({ headers, rawHeaders }: ReceivedRequest, { cors, secureCookies }: Policy): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const first = name.charCodeAt(0) | LOWER;
    if (first === H && name.length === 4 && name.toLowerCase() === "host") hosts += 1;
    else if ((first === X || (first === U && name.length === 7)) && UNUSUAL.has(name.toLowerCase())) return true;
    else if (name.charCodeAt(0) === COLON) return true;
  }
  if (hosts !== 1 || (cors !== null && headers.origin !== undefined)) return true;
  return headers.cookie?.includes(bypassCookieName(secureCookies)) === true;
}

/**
 * Whether the path begins with a letter or digit with which no rule begins. However the rest is read, no rule matches it, and it names no
 * host.
 */
function isOutside(target: string, initials: ReadonlySet<number> | null): boolean {
  if (initials === null || target.charCodeAt(0) !== 0x2f) return false;
  const code = target.charCodeAt(1);
  const isDigit = code >= 0x30 && code <= 0x39;
  const letter = code | LOWER;
  return (isDigit || (letter >= 0x61 && letter <= 0x7a)) && !initials.has(isDigit ? code : letter);
}

function isShort({ method, headers }: ReceivedRequest): boolean {
  const { host, accept } = headers;
  const values = [method, host, accept, headers["accept-language"], headers["sec-fetch-dest"]];
  return values.every((value = "") => value.length <= MAX_LENGTH);
}

/** Returns the rules for a host; `null` if its answers depend on facts that `ReadyAnswers` does not compare. */
function rulesFor(block: Block, { host }: RequestFacts, snapshot: Snapshot): ReadyRules | null {
  const { policy, sites, all, forAll, byHost } = snapshot;
  const site = byHost.find(host);
  if (block.mode === "read-only" || site === UNCLEAR) return null;
  if (policy.respond !== null || typeof policy.response.type === "function") return null;
  if (configuredRedirect(sites.get(block.site) ?? all, policy) !== null) return null;
  const rules = [...(site === null ? [] : [site]), ...forAll].map((holder) => holder.rules);
  if (rules.some(({ scope }) => scope !== null)) return null;
  const exempt = [policy, ...rules, ...rules.map(({ limited }) => limited)].filter((each) => each !== null);
  const paths = [policy.operatorPaths, policy.jsonPaths, ...exempt.map(({ exemptPaths }) => exemptPaths)].filter(
    (it) => it !== null,
  );
  const initials = paths.map((matcher) => matcher.initials);
  return {
    paths,
    initials: initials.includes(null) ? null : new Set(initials.flatMap((each) => [...(each ?? [])])),
    addresses: exempt.map(({ exemptAddresses }) => exemptAddresses).filter((it) => it !== null),
    strangers: new WeakSet(),
  };
}

function isSame({ paths, addresses }: ReadyRules, other: ReadyRules): boolean {
  const areSame = (some: readonly object[], others: readonly object[]): boolean =>
    some.length === others.length && some.every((each, index) => each === others[index]);
  return areSame(paths, other.paths) && areSame(addresses, other.addresses);
}
