import { normalizePath } from "../../rules/normalize-path.ts";
import { answers, handlesOf, isOpenRoute, type Layer, takenBy, takesErrors } from "./express-layer.ts";
import { type ExpressApp, isExpressApp, mountedApp, stackOf } from "./express-mounted-app.ts";
import { isForcedOpen } from "./route-mark.ts";

/** Says which layer that is forced open will answer a request, those in `passed` left out: they have handed it on. `null`: none. */
export type LookAhead = (method: string, target: string, passed?: ReadonlySet<Layer>) => Layer | null;

/**
 * Looks through the app, all its routers and mounted apps, for what will answer, before anything is called. Middleware that is not
 * marked is taken for something that hands on; a route that is not marked is taken for one that answers.
 */
export function lookAheadIn(app: unknown): LookAhead {
  return (method, target, passed = new Set()) => {
    if (!isExpressApp(app) || normalizePath(target) === null) return null;
    try {
      const layer = search(stackOf(rootOf(app)), pathOf(target), { method, passed });
      return layer === "closed" ? null : layer;
    } catch {
      // A parameter that cannot be decoded: Express ends in its error handler.
      return null;
    }
  };
}

interface Search {
  readonly method: string;
  readonly passed: ReadonlySet<Layer>;
}

/** `"closed"`: a route that is not marked comes first. */
function search(stack: readonly Layer[], path: string, looking: Search): Layer | "closed" | null {
  const { method, passed } = looking;
  for (const layer of stack) {
    const taken = takenBy(layer, path);
    if (taken === null || passed.has(layer)) continue;
    const { route } = layer;
    if (route !== undefined) {
      if (answers(route, method)) return isOpenRoute(route, method) ? layer : "closed";
      continue;
    }
    if (takesErrors(layer)) continue;
    const handles = handlesOf(layer);
    const app = handles.map(mountedApp).find((one) => one !== null);
    if (handles.some(isForcedOpen) || (app && isForcedOpen(app))) return layer;
    const inner = app ? stackOf(app) : handles.map(routerStack).find((one) => one !== null);
    const rest = path.slice(taken.length);
    const found = inner ? search(inner, rest.startsWith("/") ? rest : `/${rest}`, looking) : null;
    if (found !== null) return found;
  }
  return null;
}

function routerStack(handle: object): readonly Layer[] | null {
  const stack: unknown = Reflect.get(handle, "stack");
  return Array.isArray(stack) ? stack : null;
}

function rootOf(app: ExpressApp): ExpressApp {
  return app.parent === undefined ? app : rootOf(app.parent);
}

function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, "");
  return path === "" ? "/" : path;
}
