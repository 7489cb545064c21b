import type { ServerResponse } from "node:http";

type Method = "writeHead" | "write" | "end" | "flushHeaders";

/**
 * Calls `decide` before the first byte of an answer goes out, and lets the application's answer through when that gives true.
 * Otherwise `decide` has answered itself, and whatever the application still writes goes nowhere. Returns what settles it at once.
 */
export function withholdUndecided(response: ServerResponse, decide: () => boolean): () => boolean {
  const own = methodsOf(response);
  let fate: "undecided" | "passes" | "is-discarded" = "undecided";

  const guard = (name: Method): ((...values: unknown[]) => unknown) => {
    return (...values) => {
      return Reflect.apply(settle() ? own[name] : response[name], response, values);
    };
  };
  Object.assign(response, {
    writeHead: guard("writeHead"),
    write: guard("write"),
    end: guard("end"),
    flushHeaders: guard("flushHeaders"),
  });

  return settle;

  function settle(): boolean {
    if (fate !== "undecided") return fate === "passes";
    // What middleware has put around these methods since, such as compression, is for the application's answer and not for ours.
    const wrapped = methodsOf(response);
    Object.assign(response, own);
    fate = decide() ? "passes" : "is-discarded";
    if (fate === "passes") {
      own.writeHead = response.writeHead;
      Object.assign(response, wrapped);
    } else {
      Object.assign(response, discarding(response));
    }
    return fate === "passes";
  }
}

function methodsOf({ writeHead, write, end, flushHeaders }: ServerResponse): Pick<ServerResponse, Method> {
  return { writeHead, write, end, flushHeaders };
}

/** Takes everything and writes nothing, so that the application ends as if it had been heard. */
function discarding(response: ServerResponse): object {
  const callBack = (values: readonly unknown[]): void => {
    const callback = values.find((value) => typeof value === "function");
    if (callback !== undefined) queueMicrotask(() => callback());
  };
  return {
    writeHead: () => response,
    flushHeaders: () => undefined,
    write(...values: unknown[]) {
      callBack(values);
      return true;
    },
    end(...values: unknown[]) {
      callBack(values);
      return response;
    },
  };
}
