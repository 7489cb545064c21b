/** A handler, a router, an app, or lists of them, nested as frameworks take them. */
export type Markable = ((...values: never[]) => unknown) | readonly Markable[];

type Handler = (...values: never[]) => unknown;

const forcedOpen = new WeakSet<object>();
let anyForcedOpen = false;

/**
 * Returns a proxy of `handler` that is marked as open. The proxy has the mark and `handler` has none: a function such as `auth` is used
 * in other routes too, and must not open them.
 */
export function forceOpen(handler: Markable, traps: ProxyHandler<Handler> = {}): Markable {
  if (typeof handler !== "function") return handler.map((one) => forceOpen(one, traps));
  const opened = new Proxy(handler, traps);
  markOpen(opened);
  return opened;
}

export function markOpen(object: object): void {
  forcedOpen.add(object);
  anyForcedOpen = true;
}

export function isForcedOpen(object: object): boolean {
  return forcedOpen.has(object);
}

/** Whether anything in this process was ever marked. */
export function hasForcedOpen(): boolean {
  return anyForcedOpen;
}
