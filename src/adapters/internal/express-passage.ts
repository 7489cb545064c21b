import type { ServerResponse } from "node:http";
import { type Handle, type Layer, type Next, replaceHandle } from "./express-layer.ts";
import { withholdUndecided } from "./withhold-undecided.ts";

/** Where a request is that was let through for a route that is forced open. */
interface Passage {
  enter(layer: Layer): void;
  /** The route hands the request on. False: it ends here, and is answered. */
  leave(layer: Layer): boolean;
}

const passages = new WeakMap<object, Passage>();
const watched = new WeakSet<Layer>();

/**
 * Lets a request through to `first` and to no other: what another answers does not go out, and what `first` hands on goes to the next
 * that `lookAgain` finds, or ends. Then `refuse` answers, or gives true for a request that may pass all the same.
 */
export function letThrough(
  request: object,
  response: ServerResponse,
  first: Layer,
  lookAgain: (passed: ReadonlySet<Layer>) => Layer | null,
  refuse: () => boolean,
): void {
  const passed = new Set<Layer>();
  let next: Layer | null = first;
  let current: Layer | null = null;
  const settle = withholdUndecided(response, () => current !== null || refuse());
  passages.set(request, {
    enter(layer) {
      if (layer === next) current = layer;
    },
    leave(layer) {
      if (layer !== current) return true;
      current = null;
      passed.add(layer);
      next = lookAgain(passed);
      if (next === null) return settle();
      watch(next);
      return true;
    },
  });
  watch(first);
}

/** Once for each layer that is forced open; only requests with a passage are heeded. */
function watch(layer: Layer): void {
  if (watched.has(layer)) return;
  watched.add(layer);
  const { handle } = layer;
  const wrapper: Handle = (request, response, next) => {
    const passage = passages.get(request);
    if (passage === undefined) return handle(request, response, next);
    passage.enter(layer);
    const leave: Next = (error) => {
      // An error of the route is for the error handlers, which answer in its stead.
      if (isError(error) || passage.leave(layer)) next(error);
    };
    return handle(request, response, leave);
  };
  replaceHandle(layer, wrapper);
}

/** `next("route")` and `next("router")` hand on. */
function isError(error: unknown): boolean {
  return Boolean(error) && error !== "route" && error !== "router";
}
