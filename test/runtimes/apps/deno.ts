import { createSite } from "./site.ts";

const handler = createSite(
  Deno.env.get("STORAGE") ?? "",
  (_request, info: { remoteAddr: { hostname: string } }) => info.remoteAddr.hostname,
);
Deno.serve({ port: Number(Deno.env.get("PORT")), hostname: "127.0.0.1" }, handler);
