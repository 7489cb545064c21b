import type { Handle, Layer } from "./express-layer.ts";

/** What is used of an Express app. */
export interface ExpressApp {
  /** The app in which it is mounted. */
  readonly parent?: ExpressApp | undefined;
  /** In Express 4, once there is a route. */
  readonly _router?: { readonly stack: readonly Layer[] } | undefined;
  /** In Express 5. */
  readonly router?: { readonly stack: readonly Layer[] } | undefined;
}

/** Other frameworks take Express's middleware too, and have none of its routes. */
export function isExpressApp(value: unknown): value is ExpressApp {
  return typeof value === "function" && "router" in value && "handle" in value;
}

export function stackOf(app: ExpressApp): readonly Layer[] {
  if (app._router !== undefined) return app._router.stack;
  // An app of Express 4 without routes throws here.
  try {
    return app.router?.stack ?? [];
  } catch {
    return [];
  }
}

/** In Express 4 a request reaches the third layer of a router when its `url` is read for the sixth time. */
const READS_BEFORE_ROUTES = 5;

const found = new WeakMap<Handle, ExpressApp | null>();

/**
 * The app behind a layer that `app.use(mounted)` has made; `null` for every other. Express keeps it to itself in a closure, but shows
 * it to each request, as its prototype, before any route: so it is shown one that notes that, and whose URL then leads nowhere.
 */
export function mountedApp(handle: Handle): ExpressApp | null {
  if (handle.name !== "mounted_app") return null;
  let app = found.get(handle);
  if (app === undefined) {
    app = probe(handle);
    found.set(handle, app);
  }
  return app;
}

function probe(handle: Handle): ExpressApp | null {
  let app: ExpressApp | null = null;
  let reads = 0;
  const outside = { request: {}, response: {} };
  const request = new Proxy<Record<string, unknown>>(
    { app: outside, method: "GET", originalUrl: "/", headers: {} },
    {
      get(target, key) {
        if (key !== "url") return Reflect.get(target, key);
        reads += 1;
        return app === null && reads <= READS_BEFORE_ROUTES ? "/" : undefined;
      },
      setPrototypeOf(_target, prototype) {
        const shown: unknown = Reflect.get(prototype ?? {}, "app");
        if (isExpressApp(shown)) app = shown;
        return true;
      },
    },
  );
  try {
    handle(request, { locals: {}, setHeader: () => undefined }, () => undefined);
  } catch {
    // An app that is shown nothing stays unknown, and what is in it stays closed.
  }
  return app;
}
