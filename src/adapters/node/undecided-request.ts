import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import {
  type ExpressApp,
  type Handle,
  handlesOf,
  isEnd,
  isMarked,
  type Layer,
  type Next,
  replaceHandle,
  routerIn,
  stackOf,
  takesErrors,
} from "../express/stack.ts";
import { keepPolicies } from "../shared/answer-headers.ts";
import { decideWithoutAsking } from "../shared/decide-by-asking.ts";
import { decidesFor, isDecided, markLeft } from "../shared/decided-requests.ts";
import { reportEarlyAnswer, withoutQuery } from "../shared/report-order.ts";
import { passOrAnswer } from "./answer.ts";
import type { NodeFacts } from "./facts.ts";
import { withholdAnswer } from "./withhold-answer.ts";

interface Undecided {
  readonly gate: GateInternals;
  readonly app: ExpressApp;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The facts for a decision that cannot wait. */
  facts: NodeFacts;
  /** Routes that are marked as open may answer. */
  isOpen: boolean;
  /** Marked handlers that the request has not reached yet. */
  marked: readonly Layer[];
  /** The middleware is expected to decide. */
  hasInside: boolean;
}

const undecided = new WeakMap<object, UndecidedRequest[]>();
const watched = new WeakSet<Layer>();

/** Returns what a guard of `gate` has left undecided about `request`, if it has. */
export function undecidedFor(gate: GateInternals, request: object): UndecidedRequest | undefined {
  return undecided.get(request)?.find((one) => one.gate === gate);
}

/**
 * A request that runs in an app before it is decided: up to the maintenance middleware, or in routes that are marked as open. Until then
 * other middleware runs, but no handler that could answer is called, and no answer is sent.
 */
export class UndecidedRequest {
  readonly gate: GateInternals;
  readonly #now: Undecided;
  readonly #settle: () => boolean;
  #place: "closed" | "open" | "failed" = "closed";
  #passes: boolean | null = null;

  constructor(now: Undecided) {
    const { request, response } = now;
    this.gate = now.gate;
    this.#now = now;
    markLeft(now.gate, request);
    undecided.set(request, [...(undecided.get(request) ?? []), this]);
    this.#settle = withholdAnswer(request, response, {
      isGiven: () => this.#mayAnswer(),
      decide: (status) => this.#mayAnswer() || this.#decide(status),
    });
    for (let app: ExpressApp | undefined = now.app; app !== undefined; app = app.parent) watch(stackOf(app));
  }

  /** Called by the middleware for a request that only marked routes may answer. */
  leaveToRoutes(facts: NodeFacts, marked: readonly Layer[]): void {
    Object.assign(this.#now, { facts, isOpen: true, marked, hasInside: false });
  }

  /** Runs `handle` of `layer`, or answers the request instead. `stack`: the router that has the layer. */
  runHandle(layer: Layer, stack: readonly Layer[], handle: Handle, next: Next): unknown {
    const { request, response, facts, isOpen, marked } = this.#now;
    if (this.#place === "open") return handle(request, response, next);
    if (isOpen && isMarked(layer, facts.method)) {
      this.#now.marked = marked.filter((_, index) => index !== marked.indexOf(layer));
      return this.#runMarked(stack, handle, next);
    }
    this.#place = "closed";
    if ((this.#isLast() || isEnd(layer, facts.method)) && !this.#mayRun()) return undefined;
    const onNext: Next = (error) => {
      if (error === "router") this.#skip(stack, next);
      else next(error);
    };
    return handle(request, response, onNext);
  }

  #runMarked(stack: readonly Layer[], handle: Handle, next: Next): unknown {
    const { request, response } = this.#now;
    this.#place = "open";
    const fail = (error: unknown): never => {
      this.#place = "failed";
      throw error;
    };
    const onNext: Next = (error) => {
      // The application's error handlers answer an error of the route.
      this.#place = error && error !== "route" && error !== "router" ? "failed" : "closed";
      if (error === "router") this.#skip(stack, next);
      else if (error || this.#mayGoOn()) next(error);
    };
    try {
      const result = handle(request, response, onNext);
      return result instanceof Promise ? result.catch(fail) : result;
    } catch (error) {
      return fail(error);
    }
  }

  /** Called when an error handler passes on to a normal handler: the mark of the failed route no longer applies. */
  recover(): boolean {
    if (this.#place === "open") return true;
    this.#place = "closed";
    return this.#mayGoOn();
  }

  /** Skips the rest of a router, including its marked routes. */
  #skip(stack: readonly Layer[], next: Next): void {
    const { gate, marked, hasInside } = this.#now;
    this.#now.marked = marked.filter((one) => !holds(stack, (layer) => layer === one));
    const decides = (layer: Layer): boolean => handlesOf(layer).some((handle) => decidesFor(gate, handle));
    this.#now.hasInside = hasInside && !holds(stack, decides);
    if (this.#mayGoOn()) next("router");
  }

  /** Whether neither the maintenance middleware nor a marked route is left. Other middleware then runs for nothing, and may act itself. */
  #isLast(): boolean {
    return !this.#now.hasInside && this.#now.marked.length === 0;
  }

  /**
   * Whether anything may be called after the last marked route. That includes what no watched layer calls: `app.param`, routes that were
   * just added, and routers around an app that has no reference to them. An answer that has begun may end.
   */
  #mayGoOn(): boolean {
    return !this.#isLast() || this.#now.response.headersSent || this.#mayRun();
  }

  #mayAnswer(): boolean {
    return this.#passes ?? (this.#place !== "closed" || isDecided(this.gate, this.#now.request));
  }

  #mayRun(): boolean {
    const { request, response } = this.#now;
    if (this.#passes !== null) return this.#passes;
    if (isDecided(this.gate, request)) return true;
    // A marked route may have begun to answer and have called `next` as well.
    return response.headersSent ? this.#decide(null) : this.#settle();
  }

  /** `status` of the answer that the application begins, or `null`. */
  #decide(status: number | null): boolean {
    const { gate, app, request, response, facts, hasInside } = this.#now;
    if (hasInside) reportEarlyAnswer(gate, app, facts, status);
    facts.route = undefined;
    this.#passes = false;
    try {
      const decision = decideWithoutAsking(gate, facts);
      if (decision.outcome !== "allow" && response.headersSent) response.destroy();
      else {
        if (decision.outcome !== "allow") keepPolicies(response);
        this.#passes = passOrAnswer(gate, decision, facts, request, response);
      }
    } catch (error) {
      gate.options.logger.error(
        `${facts.method} ${withoutQuery(facts.target)} could not be answered, so its connection was closed: ${messageOf(error)}`,
      );
      response.destroy();
    }
    return this.#passes;
  }
}

/** Wraps each layer once. The wrapper acts only on undecided requests. */
function watch(stack: readonly Layer[], seen: Set<object> = new Set()): void {
  if (seen.has(stack)) return;
  seen.add(stack);
  for (const layer of stack) {
    if (!watched.has(layer)) {
      watched.add(layer);
      if (takesErrors(layer)) wrapErrorHandler(layer);
      else wrap(layer, stack);
    }
    watch(routerIn(layer) ?? [], seen);
  }
}

function holds(stack: readonly Layer[], is: (layer: Layer) => boolean, seen: Set<object> = new Set()): boolean {
  if (seen.has(stack)) return false;
  seen.add(stack);
  return stack.some((layer) => is(layer) || holds(routerIn(layer) ?? [], is, seen));
}

function wrap(layer: Layer, stack: readonly Layer[]): void {
  const { handle } = layer;
  replaceHandle(layer, (request, response, next) => {
    const list = undecided.get(request);
    if (list === undefined) return handle(request, response, next);
    const handleFrom = (index: number): Handle => {
      const one = list[index];
      return one === undefined
        ? handle
        : (_request, _response, then) => one.runHandle(layer, stack, handleFrom(index + 1), then);
    };
    return handleFrom(0)(request, response, next);
  });
}

function wrapErrorHandler(layer: Layer): void {
  const { handle } = layer;
  const wrapper = (...values: unknown[]): unknown => {
    const [error, request, response, next] = values;
    const list = typeof request === "object" && request !== null ? undecided.get(request) : undefined;
    if (list === undefined || typeof next !== "function") return Reflect.apply(handle, undefined, values);
    const onNext: Next = (again) => {
      if (again || list.every((one) => one.recover())) next(again);
    };
    return Reflect.apply(handle, undefined, [error, request, response, onNext]);
  };
  // Express recognizes an error handler by its number of parameters.
  Object.defineProperty(wrapper, "length", { value: handle.length });
  replaceHandle(layer, wrapper);
}
