import type { Decision, Defer } from "../../engine/decide/decision.ts";
import {
  ANONYMOUS,
  type Operation,
  type RequestFacts,
  type RouteMark,
  type UserFacts,
} from "../../engine/decide/request-facts.ts";
import { defaultUser, isAnonymous, isToBeLoggedOut, userFacts } from "../../engine/decide/user-facts.ts";
import { messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { ALL_SITES } from "../../state/site-record.ts";

/** A final decision. */
export type FinalDecision = Exclude<Decision, Defer>;

/** How long the gate waits for a function of the application. */
const MAX_WAIT_MS = 10_000;

/**
 * Asks the application what a decision depends on, with the framework's own `request`, and decides. Never rejects: an application
 * that fails to answer, or is late, is reported, and the request counts as anonymous and as writing. When the body was read by what
 * was asked, the request is blocked: the application would wait for it forever.
 */
export async function decideByAsking(
  gate: GateInternals,
  facts: AdapterFacts,
  request: object,
): Promise<FinalDecision> {
  const raw = facts.request ?? request;
  const isRead = asked.get(request)?.wasRead ?? isBodyRead(raw);
  for (;;) {
    const decision: Decision = gate.decide(facts);
    if (decision.outcome !== "defer") return decision;
    if (decision.needs === "user") {
      facts.user = decision.mode === "read-only" ? await askUser(gate, request) : await findUser(gate, request, true);
    } else facts.operation = await askOperation(gate, request);
    if (!isRead && isBodyRead(raw)) {
      const { site, mode, version, needs } = decision;
      const subject = needs === "user" ? "getUser" : "readOnly.classify";
      gate.options.logger.error(
        `${subject} has read the request's body, which the application can no longer read, so the request is blocked. Use only the method, the path and the headers.`,
      );
      return { outcome: "block", reason: "mode", site, mode, until: null, version };
    }
  }
}

/** The result of `getUser` for a request that is not decided yet, and whether its body had been read before. */
interface Asked {
  readonly given: unknown;
  readonly wasRead: boolean;
}

const asked = new WeakMap<object, Asked>();

/**
 * Asks for the user of a request. Returns true if the application answers at once that there is none; otherwise `decideByAsking` goes
 * on with what it has returned.
 */
export function isAnonymousAtOnce(gate: GateInternals, request: object): boolean {
  const { getUser, exempt } = gate.options;
  const wasRead = isBodyRead(request);
  try {
    const given = getUser?.(request);
    const user = isThenable(given) ? null : userFacts(given ?? defaultUser(request), exempt.users ?? NO_PREDICATE);
    if (user !== null && isAnonymous(user) && (wasRead || !isBodyRead(request))) return true;
    asked.set(request, { given, wasRead });
    return false;
  } catch (error) {
    reportUnknownUser(gate, error);
    return true;
  }
}

const NO_PREDICATE = { predicate: null } as const;

/** Decides without asking the application: for requests without a session, and where it cannot be asked. */
export function decideWithoutAsking(gate: GateInternals, facts: AdapterFacts): FinalDecision {
  for (;;) {
    const decision: Decision = gate.decide(facts);
    if (decision.outcome !== "defer") return decision;
    if (decision.needs === "user") facts.user = anonymousFacts(gate);
    else facts.operation = null;
  }
}

/**
 * Takes a decision again in the turn in which the request enters the application: since it was taken, a site may have closed, or the
 * process may no longer know whether it has. Returns the same decision while no barrier is on. What it would have to ask for counts as
 * anonymous and as writing.
 */
export function confirmDecision(gate: GateInternals, facts: AdapterFacts, decision: FinalDecision): FinalDecision {
  if (decision.outcome !== "allow" || gate.snapshot.binding === null) return decision;
  const again = gate.decideAgain(facts);
  return again.outcome === "allow" ? again : decideWithoutAsking(gate, facts);
}

/** Whether a guard in front of the application decides on a request as for an anonymous client, because a barrier is on. */
export function countsAsAnonymous({ snapshot }: GateInternals, { needs, site }: Defer): boolean {
  const sites = snapshot.binding?.anonymous;
  return needs === "user" && sites !== undefined && (sites.has(site) || sites.has(ALL_SITES));
}

/** Returns the user. Users matched by `logOut` count as anonymous; with `ends` their session is ended too. */
export async function findUser(gate: GateInternals, request: object, ends: boolean): Promise<UserFacts> {
  const user = await askUser(gate, request);
  if (!isToBeLoggedOut(user, gate.options.logOut)) return user;
  if (ends) await logOut(gate, request);
  return anonymousFacts(gate);
}

async function logOut(gate: GateInternals, request: object): Promise<void> {
  const { logOut: configured, logger } = gate.options;
  try {
    await inTime(gate, configured?.end(request));
  } catch (error) {
    logger.error(`logOut.end failed; the request is treated as anonymous anyway: ${messageOf(error)}`);
  }
}

async function askUser(gate: GateInternals, request: object): Promise<UserFacts> {
  const { getUser, exempt } = gate.options;
  try {
    const known = asked.get(request);
    const given = known === undefined ? getUser?.(request) : known.given;
    return userFacts((await inTime(gate, given)) ?? defaultUser(request), exempt.users ?? NO_PREDICATE);
  } catch (error) {
    reportUnknownUser(gate, error);
    return ANONYMOUS;
  }
}

function reportUnknownUser({ options }: GateInternals, error: unknown): void {
  options.logger.error(`getUser or exempt.users failed, so the request is treated as anonymous: ${messageOf(error)}`);
}

async function askOperation(gate: GateInternals, request: object): Promise<Operation | null> {
  const { readOnly, logger } = gate.options;
  try {
    return (await inTime(gate, readOnly.classify?.(request))) ?? null;
  } catch (error) {
    logger.error(`readOnly.classify failed, so the request is treated as a write: ${messageOf(error)}`);
    return null;
  }
}

/** The facts of an anonymous user, with what the application's predicate says of one. */
function anonymousFacts({ options }: GateInternals): UserFacts {
  if (options.exempt.users === null) return ANONYMOUS;
  try {
    return userFacts(undefined, options.exempt.users);
  } catch (error) {
    options.logger.error(`exempt.users failed for an anonymous request: ${messageOf(error)}`);
    return ANONYMOUS;
  }
}

/** Resolves as `asked` does. Rejects after `MAX_WAIT_MS`, so that a client never waits for an answer that does not come. */
async function inTime<Value>({ options }: GateInternals, asked: Value | PromiseLike<Value>): Promise<Value> {
  if (!isThenable(asked)) return asked;
  return new Promise((resolve, reject) => {
    const late = new Error(`no answer in ${MAX_WAIT_MS / 1_000} s`);
    const cancel = options.clock.setTimer(() => reject(late), MAX_WAIT_MS);
    Promise.resolve(asked).then(resolve, reject).finally(cancel);
  });
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value;
}

/** Of a request of the Fetch standard, or of Node. */
function isBodyRead(request: object): boolean {
  if ("bodyUsed" in request) return request.bodyUsed === true;
  if (!("readableDidRead" in request)) return false;
  return request.readableDidRead === true || !("readableFlowing" in request && request.readableFlowing === null);
}

/** The facts of a request, with the members that `decideRequest` fills in when the application answers. */
export interface AdapterFacts extends RequestFacts {
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  /** Set by an adapter for a route that is marked. */
  route: RouteMark | undefined;
  processed?: false | undefined;
  /** The request of Node or of the Fetch standard that they describe. */
  readonly request?: object | undefined;
}
