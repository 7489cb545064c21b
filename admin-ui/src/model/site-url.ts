import type { SiteView } from "../../../src/admin/schema/responses.ts";

/** An address of a site to ask about: by its first host that is no wildcard; for a group, and for all sites, the path alone. */
export function siteUrlOf({ hosts }: Pick<SiteView, "hosts">, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  const host = hosts.find((name) => !name.startsWith("*")) ?? hosts[0]?.replace("*", "www");
  const absolute = path.startsWith("/") ? path : `/${path}`;
  return host === undefined ? absolute : `https://${host}${absolute}`;
}
