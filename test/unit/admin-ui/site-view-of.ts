import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { NO_EXEMPTIONS, NO_NOTICE, NO_RESPONSE_SETTINGS } from "../../../src/state/site-record.ts";

/** Returns the view of an open site, with the given changes. */
export function siteViewOf(changes: Partial<SiteView> = {}): SiteView {
  const id = changes.id ?? "shop";
  return {
    id,
    configured: true,
    hosts: ["shop.example"],
    configuredHosts: ["shop.example"],
    mode: "open",
    until: null,
    inForce: { mode: "open", until: null, by: id, only: [] },
    paths: [],
    exemptions: NO_EXEMPTIONS,
    lockdown: false,
    notice: NO_NOTICE,
    response: NO_RESPONSE_SETTINGS,
    links: [],
    afterwards: null,
    warnings: [],
    version: 1,
    changed: null,
    may: ["view", "switch", "edit", "links"],
    ...changes,
  };
}
