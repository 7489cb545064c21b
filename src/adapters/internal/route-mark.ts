/** A handler, a router, an app, or lists of them, nested as frameworks take them. */
export type Markable = ((...values: never[]) => unknown) | readonly Markable[];

const forcedOpen = new WeakSet<object>();
let anyForcedOpen = false;

/** Remembers that `handler` answers whatever is closed, and returns it as it is. */
export function forceOpen<Handler extends Markable>(handler: Handler): Handler {
  for (const one of flatten(handler)) forcedOpen.add(one);
  anyForcedOpen = true;
  return handler;
}

export function isForcedOpen(handler: object): boolean {
  return forcedOpen.has(handler);
}

/** Whether anything in this process was ever marked: where nothing was, nobody needs to look. */
export function hasForcedOpen(): boolean {
  return anyForcedOpen;
}

function flatten(handler: Markable): readonly object[] {
  return typeof handler === "function" ? [handler] : handler.flatMap(flatten);
}
