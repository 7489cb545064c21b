import type { RequestFacts } from "../../engine/decide/request-facts.ts";
import { messageOf } from "../../errors.ts";
import { RequestWork } from "../../fleet/work.ts";
import { beginWork, workOf } from "../../gate/counted.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { FetchFacts } from "./facts.ts";

class FetchWork extends RequestWork {
  readonly kind = "request";
  readonly #request: Request;
  readonly #facts: () => RequestFacts;
  #hasBegun = false;

  constructor(request: Request, facts: () => RequestFacts) {
    super();
    this.#request = request;
    this.#facts = facts;
  }

  /** The handler has returned the answer, whose body is still read. */
  begin(): void {
    this.#hasBegun = true;
  }

  describe(): RequestFacts {
    return this.#facts();
  }

  hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** A server may leave the body of an answer unread if the client has left. */
  hasEnded(): boolean {
    return this.#hasBegun && this.#request.signal.aborted;
  }

  /** A fetch handler has no connection. */
  destroy(): void {}
}

/** A request that counts until its answer has been sent. `null`: it does not count here, or an adapter in front counts it. */
export type CountedFetch = FetchWork | null;

/** Counts a request. A fault is logged, and never keeps a request out. `peer` is called only when a barrier asks for the request. */
export function countFetchRequest(gate: GateInternals, request: Request, peer: () => string | undefined): CountedFetch {
  const { underWay } = gate;
  if (underWay === null) return null;
  try {
    if (workOf(gate, request) !== null) return null;
    const work = new FetchWork(request, () => new FetchFacts(request, peer(), gate));
    beginWork(underWay, request, work);
    return work;
  } catch (error) {
    gate.options.logger.error(`A request is not counted as under way: ${messageOf(error)}`);
    return null;
  }
}

/** Runs the application, and returns what it returns. The request ends with the body of the answer, or when the application fails. */
export function runCounted<Result extends Response | Promise<Response>>(
  counted: CountedFetch,
  request: Request,
  run: () => Result,
): Result {
  if (counted === null) return run();
  counted.isEntered = true;
  let result: Result;
  try {
    result = run();
  } catch (error) {
    counted.end();
    throw error;
  }
  if (result instanceof Promise) {
    void result.then(
      (response) => follow(counted, request, response),
      () => counted.end(),
    );
  } else follow(counted, request, result);
  return result;
}

/** Ends the work when the body of `response` has been read or cancelled. No body is sent to HEAD. */
function follow(work: FetchWork, request: Request, response: Response | undefined): void {
  // Bun's handlers return `undefined` for an upgrade.
  const body = response?.body;
  if (body === undefined || body === null || request.method === "HEAD" || !watchBody(body, work)) work.end();
  else work.begin();
}

/** Returns false on runtimes that do not report the end of a stream: there the request ends with the handler. */
function watchBody(body: ReadableStream, work: FetchWork): boolean {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): object } };
  try {
    const observe: unknown = Reflect.get(process?.getBuiltinModule?.("node:stream") ?? {}, "finished");
    if (typeof observe !== "function") return false;
    observe(body, () => work.end());
    dropped ??= new FinalizationRegistry((one) => one.end());
    dropped.register(body, work);
    return true;
  } catch {
    return false;
  }
}

/** Ends the work of bodies that are dropped unread, as by middleware that answers 304 instead. */
let dropped: FinalizationRegistry<FetchWork> | null = null;
