import type { IncomingMessage, ServerResponse } from "node:http";

/** Whether the application may answer. */
interface Permission {
  /** False also as long as it is not known. */
  isGiven(): boolean;
  /** Called once, before the first byte of an answer with `status`. Returns false if it has answered instead of the application. */
  decide(status: number): boolean;
}

type Method = (...values: unknown[]) => unknown;
type Methods = Record<string, Method>;

/** Some versions and protocols lack some of them. */
const BEGINNING = ["writeHead", "write", "end", "flushHeaders"];
const AHEAD_OF_ANSWER = ["writeProcessing", "writeEarlyHints", "writeInformation", "createPushResponse"];
const TRAILERS = ["addTrailers", "setTrailer"];
const ALL = [...BEGINNING, ...AHEAD_OF_ANSWER, ...TRAILERS, "writeContinue"];

/**
 * Withholds what the application writes until `permission` is given, and discards it if permission is refused. Returns a function that
 * requests the decision immediately.
 */
export function withholdAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  permission: Permission,
): () => boolean {
  const own = methodsOf(response);
  const trailers: (() => unknown)[] = [];
  let passes: boolean | null = null;
  /** One of these methods is running. It may call another: `writeContinue` calls `writeInformation`. */
  let isCalling = false;

  const withheld: Methods = {};
  for (const [name, method] of Object.entries(own)) {
    withheld[name] = (...values) => {
      if (BEGINNING.includes(name)) {
        const next = settle(name === "writeHead" ? Number(values[0]) : response.statusCode) ? own : methodsOf(response);
        return Reflect.apply(next[name] ?? method, response, values);
      }
      const call = (): unknown => {
        isCalling = true;
        try {
          return Reflect.apply(method, response, values);
        } finally {
          isCalling = false;
        }
      };
      if (isCalling || permission.isGiven()) return call();
      if (name === "writeContinue") continueWhenRead(request, response, call);
      else if (TRAILERS.includes(name)) trailers.push(call);
      else drop(name, values);
      return response;
    };
  }
  Object.assign(response, withheld);
  const showStreams = hideStreams([request, response], permission);

  return () => settle(response.statusCode);

  function settle(status: number): boolean {
    if (passes !== null) return passes;
    // Middleware may have wrapped these methods since, for example to compress. That is for the application's answer, not for the gate's.
    const wrapped = methodsOf(response);
    Object.assign(response, own);
    showStreams();
    passes = permission.decide(status);
    if (passes) {
      Object.assign(own, { writeHead: response.writeHead });
      Object.assign(response, wrapped);
      for (const add of trailers) add();
    } else {
      Object.assign(response, discarding(response, Object.keys(own)));
    }
    return passes;
  }
}

/** Sends `100 Continue` when the body is first read: a client that expects it sends no body before, and the answer may need none. */
export function continueWhenRead(
  request: IncomingMessage,
  response: ServerResponse,
  writeContinue: () => unknown,
): void {
  const { _read } = request;
  request._read = (size) => {
    request._read = _read;
    if (!response.headersSent) writeContinue();
    request._read(size);
  };
}

/** Hides the stream of HTTP/2: an application can write an answer to it directly. Returns a function that shows it again. */
function hideStreams(holders: readonly object[], { isGiven }: Permission): () => void {
  const hidden = holders.filter((holder) => "stream" in holder);
  for (const holder of hidden) {
    const stream: unknown = Reflect.get(holder, "stream");
    Object.defineProperty(holder, "stream", { configurable: true, get: () => (isGiven() ? stream : undefined) });
  }
  return () => {
    for (const holder of hidden) Reflect.deleteProperty(holder, "stream");
  };
}

function methodsOf(response: ServerResponse): Methods {
  const methods: Methods = {};
  for (const name of ALL) {
    const method: unknown = Reflect.get(response, name);
    if (isMethod(method)) methods[name] = method;
  }
  return methods;
}

/** Returns methods that accept everything and write nothing, so that the application ends as if its answer had been sent. */
function discarding(response: ServerResponse, names: readonly string[]): Methods {
  const methods: Methods = {};
  for (const name of names) {
    methods[name] = (...values) => {
      drop(name, values);
      return name === "write" ? true : response;
    };
  }
  return methods;
}

function drop(name: string, values: readonly unknown[]): void {
  const callback = values.find(isMethod);
  const error = name === "createPushResponse" ? new Error("The answer is withheld: the site is closed.") : null;
  if (callback !== undefined) queueMicrotask(() => (error === null ? callback() : callback(error)));
}

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}
