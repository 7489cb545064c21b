import { createSite } from "./site.ts";

let site: ReturnType<typeof createSite<[]>> | null = null;

export default {
  /** Made with the first request, as before `cloudflare:workers` had the bindings. */
  fetch(request: Request, env: { readonly STORAGE: string }): Response | Promise<Response> {
    site ??= createSite(env.STORAGE, (asked) => asked.headers.get("CF-Connecting-IP") ?? undefined);
    return site(request);
  },
};
