import { isForcedOpen } from "./route-mark.ts";

export type Next = (error?: unknown) => void;
export type Handle = (request: object, response: object, next: Next) => unknown;

/** What is used of what Express 4 and 5 keep of each `use`, `get` … in the `stack` of a router. */
export interface Layer {
  handle: Handle;
  /** What the last match took, in Express 4. */
  readonly path?: string | undefined;
  /** In Express 4 and 5: what it was mounted at, where that is a regular expression. */
  readonly regexp?: unknown;
  readonly rawPath?: unknown;
  /** Absent for `use`. */
  readonly route?: Route | undefined;
  match(path: string): boolean | { readonly path: string };
}

export interface Route {
  readonly methods: Readonly<Record<string, boolean | undefined>>;
  readonly stack: readonly { readonly method?: string | undefined; readonly handle: Handle }[];
}

const originals = new WeakMap<Handle, Handle>();

/** Has `layer` call `wrapper` in place of what it calls now, and remembers what that was. */
export function replaceHandle(layer: Layer, wrapper: Handle): void {
  originals.set(wrapper, layer.handle);
  layer.handle = wrapper;
}

/** What `layer` calls, and what that wraps: others wrap too, such as tracing, which leaves the original in `__original`. */
export function handlesOf({ handle }: Layer): readonly Handle[] {
  const handles: Handle[] = [];
  let next: unknown = handle;
  while (isHandle(next) && !handles.includes(next)) {
    handles.push(next);
    next = originals.get(next) ?? Reflect.get(next, "__original");
  }
  return handles;
}

/** Express passes errors, and no requests, to what takes four values. */
export function takesErrors({ handle }: { readonly handle: Handle }): boolean {
  return handle.length > 3;
}

/**
 * The part of `path` that `layer` takes; `null` when it is not for it. Throws for escapes that cannot be decoded, as Express does, and
 * for a regular expression that remembers where it left off: to ask it here would change what it tells Express.
 */
export function takenBy(layer: Layer, path: string): string | null {
  if ([layer.regexp, layer.rawPath].flat().some(remembers)) throw new TypeError("a path with the flag g or y");
  const match = layer.match(path);
  if (match === false) return null;
  const taken = (match === true ? layer.path : match.path) ?? "";
  if (layer.route !== undefined) return taken;
  const isPrefix = path.startsWith(taken) && ["", "/", "."].includes(path.charAt(taken.length));
  return taken === "" || isPrefix ? taken : null;
}

export function answers({ methods }: Route, method: string): boolean {
  return methods._all === true || methods[methodOf(methods, method)] === true;
}

/** One of those who answer `method` is marked. */
export function isOpenRoute({ methods, stack }: Route, method: string): boolean {
  const own = methodOf(methods, method);
  return stack.some((layer) => (layer.method === undefined || layer.method === own) && isForcedOpen(layer.handle));
}

function methodOf(methods: Route["methods"], method: string): string {
  const own = method.toLowerCase();
  return own === "head" && methods.head !== true ? "get" : own;
}

function remembers(pattern: unknown): boolean {
  return pattern instanceof RegExp && (pattern.global || pattern.sticky);
}

function isHandle(value: unknown): value is Handle {
  return typeof value === "function";
}
