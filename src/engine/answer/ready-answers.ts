import { bypassCookieName } from "../../bypass/cookie-header.ts";
import { mayCarryToken } from "../../bypass/token.ts";
import type { Clock } from "../../clock.ts";
import type { AddressMatcher } from "../../rules/addresses/matcher.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import type { PathMatcher } from "../../rules/paths/matcher.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { decide } from "../decide/decide.ts";
import type { Block } from "../decide/decision.ts";
import { METHOD_OVERRIDES } from "../decide/is-reading.ts";
import { ANONYMOUS, type RequestFacts } from "../decide/request-facts.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { usualAnswer } from "./plan-response.ts";
import type { PreparedAnswer } from "./prepared-answer.ts";
import { configuredRedirect } from "./redirect.ts";
import type { ResponsePlan } from "./response-plan.ts";

/** Maximum number of ready answers, and of those for one host: clients choose the values that are compared. */
const MAX_ANSWERS = 2_048;
const MAX_ANSWERS_OF_HOST = 16;
/** Maximum number of characters of a compared value. Browsers send 150. */
const MAX_LENGTH = 512;

/** The requests for one host that are blocked, unless one of these rules matches. */
interface ReadyHost {
  readonly paths: readonly PathMatcher[];
  readonly addresses: readonly AddressMatcher[];
  readonly blocks: ReadyBlock[];
}

/**
 * The blocked requests of one snapshot, with their answers: a request that equals an earlier one in everything that `decide` and
 * `planResponse` read gets the same decision and answer, without a call of either. If that is not certain, it gets none here.
 */
export class ReadyAnswers {
  readonly snapshot: Snapshot;
  /** By host as received. `null` if the answers for a host depend on more than what is compared. */
  readonly #hosts = new Map<string | undefined, ReadyHost | null>();
  #size = 0;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /** Returns the decision on an earlier request if it is certain that this one gets the same, else `null`. */
  find(facts: RequestFacts, clock: Pick<Clock, "now">): ReadyBlock | null {
    const host = this.#hosts.get(facts.host) ?? null;
    if (host === null || !isPlain(facts, this.snapshot)) return null;
    const { nextEdge } = this.snapshot;
    // A mode changes then, before the next snapshot is compiled.
    if (nextEdge !== Number.POSITIVE_INFINITY && clock.now() >= nextEdge) return null;
    for (const block of host.blocks) if (block.fits(facts)) return mayPass(facts, host) ? null : block;
    return null;
  }

  /** Decides on a request that was not found, and keeps the decision if it is to block; `now` in epoch milliseconds. */
  add(facts: RequestFacts, now: number): void {
    const known = this.#hosts.get(facts.host);
    if (known === null || now >= this.snapshot.nextEdge || !isPlain(facts, this.snapshot) || !isShort(facts)) return;
    // Not the decision that the adapter has: while it waited for the user, the snapshot may have changed.
    const block = decide(facts, this.snapshot, now);
    if (block.outcome !== "block") return;
    if (this.#size >= MAX_ANSWERS) this.#clear();
    const host = known ?? readyHost(block, facts, this.snapshot);
    if (host !== null && mayPass(facts, host)) return;
    this.#hosts.set(facts.host, host);
    this.#size += 1;
    if (host === null) return;
    if (host.blocks.length >= MAX_ANSWERS_OF_HOST) host.blocks.length = 0;
    host.blocks.push(new ReadyBlock(block, facts, usualAnswer(block, facts, this.snapshot, now)));
  }

  #clear(): void {
    this.#hosts.clear();
    this.#size = 0;
  }
}

/** The headers that a ready answer depends on. */
const COMPARED = ["accept", "accept-language", "sec-fetch-dest", "upgrade"] as const;

/** A decision to block, with its answer and what a request must be like to get it. */
export class ReadyBlock implements Block {
  readonly outcome = "block";
  readonly reason: Block["reason"];
  readonly site: string;
  readonly mode: Block["mode"];
  readonly until: number | null;
  readonly version: number;
  readonly #method: string;
  readonly #user: RequestFacts["user"];
  readonly #processed: RequestFacts["processed"];
  /** The values of `COMPARED`. */
  readonly #headers: readonly (string | undefined)[];
  readonly #answer: PreparedAnswer;
  /** `null` if the plan depends on the time. */
  readonly #plan: ResponsePlan | null;

  constructor({ reason, site, mode, until, version }: Block, facts: RequestFacts, answer: PreparedAnswer) {
    this.reason = reason;
    this.site = site;
    this.mode = mode;
    this.until = until;
    this.version = version;
    this.#method = facts.method;
    this.#user = facts.user;
    this.#processed = facts.processed;
    this.#headers = COMPARED.map((name) => facts.header(name));
    this.#answer = answer;
    this.#plan = answer.isFixed ? answer.plan(0, facts.method === "HEAD") : null;
    Object.freeze(this);
  }

  /** Whether a plain request to the same host is like the one that was decided. */
  fits(facts: RequestFacts): boolean {
    if (facts.method !== this.#method || facts.user !== this.#user || facts.processed !== this.#processed) return false;
    for (let i = 0; i < COMPARED.length; i++) {
      if (facts.header(COMPARED[i] ?? "") !== this.#headers[i]) return false;
    }
    return true;
  }

  /** Returns the answer. */
  plan(clock: Pick<Clock, "now">): ResponsePlan {
    return this.#plan ?? this.#answer.plan(clock.now(), this.#method === "HEAD");
  }
}

/** Whether a request has no rare property that could change its decision or answer, such as a bypass cookie. */
function isPlain(facts: RequestFacts, { policy }: Snapshot): boolean {
  if (facts.route !== undefined || facts.otherHosts.length > 0) return false;
  if (facts.user !== undefined && facts.user !== ANONYMOUS) return false;
  for (const name of METHOD_OVERRIDES) if (facts.header(name) !== undefined) return false;
  if (policy.cors !== null && facts.header("origin") !== undefined) return false;
  return facts.header("cookie")?.includes(bypassCookieName(policy.secureCookies)) !== true;
}

function isShort(facts: RequestFacts): boolean {
  const values = [facts.host, facts.method, ...COMPARED.map((name) => facts.header(name))];
  return values.every((value = "") => value.length <= MAX_LENGTH);
}

/** Whether a rule could let this request pass, or its path could get another answer. */
function mayPass(facts: RequestFacts, { paths, addresses }: ReadyHost): boolean {
  const path = normalizePath(facts.target);
  if (path === null || (path !== facts.target && mayCarryToken(facts.target))) return true;
  for (const matcher of paths) if (matcher.match(path) !== null) return true;
  if (addresses.length === 0 || facts.address === undefined) return false;
  for (const matcher of addresses) if (matcher.explain(facts.address) !== null) return true;
  return false;
}

/** Returns the rules for a host; `null` if its answers depend on facts that `ReadyAnswers` does not compare. */
function readyHost(block: Block, { host }: RequestFacts, snapshot: Snapshot): ReadyHost | null {
  const { policy, sites, all, forAll, byHost } = snapshot;
  const site = byHost.find(host);
  if (block.mode === "read-only" || site === UNCLEAR) return null;
  if (policy.respond !== null || typeof policy.response.type === "function") return null;
  if (configuredRedirect(sites.get(block.site) ?? all, policy) !== null) return null;
  const rules = [...(site === null ? [] : [site]), ...forAll].map((holder) => holder.rules);
  if (rules.some(({ scope }) => scope !== null)) return null;
  const exempt = [policy, ...rules, ...rules.map(({ limited }) => limited)].filter((each) => each !== null);
  return {
    paths: [policy.operatorPaths, policy.jsonPaths, ...exempt.map(({ exemptPaths }) => exemptPaths)].filter(
      (it) => it !== null,
    ),
    addresses: exempt.map(({ exemptAddresses }) => exemptAddresses).filter((it) => it !== null),
    blocks: [],
  };
}
