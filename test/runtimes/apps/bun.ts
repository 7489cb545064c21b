import { createSite } from "./site.ts";

const fetch = createSite(
  process.env.STORAGE ?? "",
  (request, server: { requestIP(request: Request): { address: string } | null }) => server.requestIP(request)?.address,
);
Bun.serve({ port: Number(process.env.PORT), hostname: "127.0.0.1", fetch });
