import type { GateInternals } from "../../gate/internals.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { decidesFor } from "../shared/decided-requests.ts";
import {
  type ExpressApp,
  handlesOf,
  isEnd,
  isExpressApp,
  isMarked,
  type Layer,
  routerIn,
  stackOf,
  takenBy,
  takesErrors,
} from "./stack.ts";

/** The marked handlers and the middleware that a request reaches in an app before an unmarked handler can answer it. */
export interface Ahead {
  /** Whether it reaches a handler that `maintenanceOff` has marked. */
  readonly isOpen: boolean;
  /** The marked handlers, in the order in which the request reaches them. If it reaches the middleware, only those after that. */
  readonly marked: readonly Layer[];
  /** Whether it reaches the middleware that decides for the gate. */
  readonly hasInside: boolean;
}

const NOTHING: Ahead = { isOpen: false, marked: [], hasInside: false };

interface Search {
  readonly gate: GateInternals;
  readonly method: string;
  isOpen: boolean;
  marked: Layer[];
  hasInside: boolean;
}

/** Searches an app and its routers for what a request will reach, without calling a handler. */
export function lookAhead(
  gate: GateInternals,
  app: unknown,
  { method, target }: { readonly method: string; readonly target: string },
): Ahead {
  if (!isExpressApp(app)) return NOTHING;
  const path = pathIn(app, target);
  if (path === null) return NOTHING;
  const search: Search = { gate, method, isOpen: false, marked: [], hasInside: false };
  try {
    walk(stackOf(app), path, search);
  } catch {
    // Handlers after a path that cannot be matched here count as unmarked. Express may call its error handler.
  }
  return { ...search, isOpen: search.isOpen && normalizePath(target) !== null };
}

/** Returns true if the request ends in an unmarked handler. */
function walk(stack: readonly Layer[], path: string, search: Search): boolean {
  for (const layer of stack) {
    const taken = takenBy(layer, path);
    if (taken === null || takesErrors(layer)) continue;
    if (isMarked(layer, search.method)) {
      search.isOpen = true;
      search.marked.push(layer);
    } else if (isEnd(layer, search.method)) {
      return true;
    } else if (handlesOf(layer).some((handle) => decidesFor(search.gate, handle))) {
      if (!search.hasInside) search.marked = [];
      search.hasInside = true;
    } else {
      const rest = path.slice(taken.length);
      if (walk(routerIn(layer) ?? [], rest.startsWith("/") ? rest : `/${rest}`, search)) return true;
    }
  }
  return false;
}

/** Returns the path relative to `app`. Returns `null` if the app is mounted at a pattern: only Express knows what that matched. */
function pathIn(app: ExpressApp, target: string): string | null {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, "") || "/";
  const base = app.parent === undefined ? "" : app.path().replace(/\/$/, "");
  if (base === "") return path;
  return path === base || path.startsWith(`${base}/`) ? path.slice(base.length) || "/" : null;
}
