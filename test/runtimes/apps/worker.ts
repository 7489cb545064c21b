import { env } from "cloudflare:workers";
import { createSite } from "./site.ts";

export default {
  fetch: createSite(env.STORAGE, (request) => request.headers.get("CF-Connecting-IP") ?? undefined),
};
