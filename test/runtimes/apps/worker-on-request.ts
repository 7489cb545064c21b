import { createSite } from "./site.ts";

let site: ReturnType<typeof createSite<[]>> | null = null;

export default {
  /** Creates the site with the first request, as was necessary before `cloudflare:workers` provided the bindings. */
  fetch(request: Request, env: { readonly STORAGE: string }): Response | Promise<Response> {
    site ??= createSite(env.STORAGE, (asked) => asked.headers.get("CF-Connecting-IP") ?? undefined);
    return site(request);
  },
};
