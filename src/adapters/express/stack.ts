import { isForcedOpen } from "../shared/route-mark.ts";

/** The members of an Express app that are used. */
export interface ExpressApp {
  /** The app in which it is mounted. */
  readonly parent?: ExpressApp | undefined;
  /** In Express 4, once there is a route. */
  readonly _router?: { readonly stack: readonly Layer[] } | undefined;
  /** In Express 5. In Express 4, reading it throws. */
  readonly router?: { readonly stack: readonly Layer[] } | undefined;
  /** The path at which it is mounted; empty if it is not. */
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
  /** In Express 4 and 5: the regular expression at which it was mounted, if it is one. */
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

/** Returns false for other frameworks that accept Express's middleware: they do not have its routes. */
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

/** Returns the first layer that the application has mounted; Express 4 has two of its own before it. */
export function firstLayerOf(app: ExpressApp): Layer | undefined {
  const stack = stackOf(app);
  const isOwn =
    app._router !== undefined && stack[0]?.handle.name === "query" && stack[1]?.handle.name === "expressInit";
  return stack[isOwn ? 2 : 0];
}

/** Returns the layers of the router in `layer`, or `null`. */
export function routerIn(layer: Layer): readonly Layer[] | null {
  for (const handle of handlesOf(layer)) {
    const stack: unknown = Reflect.get(handle, "stack");
    if (Array.isArray(stack)) return stack;
  }
  return null;
}

const originals = new WeakMap<Handle, Handle>();

/** Makes `layer` call `wrapper` instead of its handler. */
export function replaceHandle(layer: Layer, wrapper: Handle): void {
  originals.set(wrapper, layer.handle);
  layer.handle = wrapper;
}

/** Returns the handler of `layer` and the handlers that it wraps. Tracing, for example, keeps the original in `__original`. */
export function handlesOf({ handle }: { readonly handle: Handle }): readonly Handle[] {
  const handles: Handle[] = [];
  let next: unknown = handle;
  while (isHandle(next) && !handles.includes(next)) {
    handles.push(next);
    next = originals.get(next) ?? Reflect.get(next, "__original");
  }
  return handles;
}

/** Whether `layer` is an error handler: Express calls a function with four parameters for errors only. */
export function takesErrors({ handle }: { readonly handle: Handle }): boolean {
  return handle.length > 3;
}

/**
 * Returns the part of `path` that `layer` matches, or `null`. Throws for escapes that cannot be decoded, as Express does, and for a
 * regular expression with a `lastIndex`: matching it here would change what it matches for Express.
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

/** Whether `layer` is marked; for a route, whether a handler for `method` is. */
export function isMarked(layer: Layer, method: string): boolean {
  if (layer.route === undefined) return isForcedOpen(layer) || handlesOf(layer).some(isForcedOpen);
  const own = methodIn(layer.route, method);
  return layer.route.stack.some(
    (inner) => (inner.method === undefined || inner.method === own) && handlesOf(inner).some(isForcedOpen),
  );
}

/**
 * Whether a request ends in `layer`: a route for its method, a mounted app, whose own layers are hidden, or a function with one or two
 * parameters, which cannot call `next`. Everything else counts as middleware that calls `next`.
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
