import { isForcedOpen } from "../shared/route-mark.ts";

/** The members of an Express app that are used. */
export interface ExpressApp {
  /** The app in which it is mounted. */
  readonly parent?: ExpressApp | undefined;
  /** In Express 4, once there is a route. */
  readonly _router?: { readonly stack: readonly Layer[] } | undefined;
  /** In Express 5; in Express 4 reading it throws. */
  readonly router?: { readonly stack: readonly Layer[] } | undefined;
  /** Where it is mounted; empty for an app that is not. */
  path(): string;
  render(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

export type Next = (error?: unknown) => void;
export type Handle = (request: object, response: object, next: Next) => unknown;

/** The members that Express 4 and 5 keep for each `use`, `get` … in the `stack` of a router. */
export interface Layer {
  handle: Handle;
  /** The path of the last match, in Express 4. */
  readonly path?: string | undefined;
  /** In Express 4 and 5: what it was mounted at, where that is a regular expression. */
  readonly regexp?: unknown;
  readonly rawPath?: unknown;
  /** Absent for `use`. */
  readonly route?: Route | undefined;
  match(path: string): boolean | { readonly path: string };
}

interface Route {
  readonly methods: Readonly<Record<string, boolean | undefined>>;
  readonly stack: readonly { readonly method?: string | undefined; readonly handle: Handle }[];
}

/** Other frameworks take Express's middleware too, and have none of its routes. */
export function isExpressApp(value: unknown): value is ExpressApp {
  return typeof value === "function" && "router" in value && "handle" in value && "render" in value;
}

export function stackOf(app: ExpressApp): readonly Layer[] {
  if (app._router !== undefined) return app._router.stack;
  try {
    return app.router?.stack ?? [];
  } catch {
    return [];
  }
}

/** The handlers that `app` calls before those of the application; in Express 4 after its own two. */
export function firstLayerOf(app: ExpressApp): Layer | undefined {
  const stack = stackOf(app);
  const isOwn =
    app._router !== undefined && stack[0]?.handle.name === "query" && stack[1]?.handle.name === "expressInit";
  return stack[isOwn ? 2 : 0];
}

/** The layers of a router, if `layer` is one. */
export function routerIn(layer: Layer): readonly Layer[] | null {
  for (const handle of handlesOf(layer)) {
    const stack: unknown = Reflect.get(handle, "stack");
    if (Array.isArray(stack)) return stack;
  }
  return null;
}

const originals = new WeakMap<Handle, Handle>();

/** Makes `layer` call `wrapper` instead of what it calls now. */
export function replaceHandle(layer: Layer, wrapper: Handle): void {
  originals.set(wrapper, layer.handle);
  layer.handle = wrapper;
}

/** The handler of `layer`, and the handlers that it wraps: tracing, for example, keeps the original in `__original`. */
export function handlesOf({ handle }: { readonly handle: Handle }): readonly Handle[] {
  const handles: Handle[] = [];
  let next: unknown = handle;
  while (isHandle(next) && !handles.includes(next)) {
    handles.push(next);
    next = originals.get(next) ?? Reflect.get(next, "__original");
  }
  return handles;
}

/** Express passes errors, and no requests, to a function of four parameters. */
export function takesErrors({ handle }: { readonly handle: Handle }): boolean {
  return handle.length > 3;
}

/**
 * The part of `path` that `layer` takes; `null` when it is not for it. Throws for escapes that cannot be decoded, as Express does, and
 * for a regular expression that keeps its position: testing it here would change what it matches for Express.
 */
export function takenBy(layer: Layer, path: string): string | null {
  if ([layer.regexp, layer.rawPath].flat().some(keepsPosition)) throw new TypeError("a path with the flag g or y");
  const match = layer.match(path);
  if (match === false) return null;
  const taken = (match === true ? layer.path : match.path) ?? "";
  if (layer.route !== undefined) return taken;
  const isPrefix = path.startsWith(taken) && ["", "/", "."].includes(path.charAt(taken.length));
  return taken === "" || isPrefix ? taken : null;
}

/** Whether `layer` was given a mark; in a route that of a handler for `method`. */
export function isMarked(layer: Layer, method: string): boolean {
  if (layer.route === undefined) return isForcedOpen(layer) || handlesOf(layer).some(isForcedOpen);
  const own = methodIn(layer.route, method);
  return layer.route.stack.some(
    (inner) => (inner.method === undefined || inner.method === own) && handlesOf(inner).some(isForcedOpen),
  );
}

/**
 * Whether a request ends in `layer`: in a route for its method, in a mounted app, which hides its own, and in a function of one or two
 * parameters, which has no `next` to call. Everything else is taken for middleware that hands on.
 */
export function isEnd(layer: Layer, method: string): boolean {
  const { route } = layer;
  if (route !== undefined) return route.methods._all === true || route.methods[methodIn(route, method)] === true;
  const handle = handlesOf(layer).at(-1) ?? layer.handle;
  return handle.name === "mounted_app" || isExpressApp(handle) || handle.length === 1 || handle.length === 2;
}

function methodIn({ methods }: Route, method: string): string {
  const own = method.toLowerCase();
  return own === "head" && methods.head !== true ? "get" : own;
}

function keepsPosition(pattern: unknown): boolean {
  return pattern instanceof RegExp && (pattern.global || pattern.sticky);
}

function isHandle(value: unknown): value is Handle {
  return typeof value === "function";
}
