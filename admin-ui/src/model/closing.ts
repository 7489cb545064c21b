import type { SiteView } from "../../../src/admin/api-types.ts";
import type { CloseBody } from "../api.ts";
import { type Edits, valuesOf } from "./edits.ts";
import { type EndChoice, instantOf } from "./end-choice.ts";
import { type SiteSettings, settingsWith } from "./field.ts";
import type { ClosingMode } from "./mode-words.ts";

/** How a site is to be closed, as far as it was chosen. */
export interface Closing {
  readonly mode: ClosingMode;
  readonly end: EndChoice;
}

export const CLOSING: Closing = { mode: "closed", end: { kind: "never" } };

/** A site as it would be with what was typed for it. */
export function withEdits(site: SiteView, edits: Edits): SiteView {
  const settings = settingsWith(site, valuesOf(edits));
  return { ...site, ...settings, hosts: [...new Set([...site.configuredHosts, ...(settings.hosts ?? site.hosts)])] };
}

/** What was typed for a site and not saved: it counts for this closing, and ends with it. Hosts are no part of a closing. */
export function closureSettings(site: SiteView, edits: Edits): Omit<Partial<SiteSettings>, "hosts"> {
  const { hosts: _, ...settings } = settingsWith(site, valuesOf(edits));
  return settings;
}

export function closeBody(sites: readonly string[], { mode, end }: Closing, until: number | null): CloseBody {
  if (end.kind === "as-now") return { sites, mode };
  return { sites, mode, until: until === null ? null : instantOf(until) };
}
