import type { SiteView } from "../../../src/admin/schema/types.ts";

export type Mode = SiteView["mode"];
export type ClosingMode = "closed" | "read-only";

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  open: "Open",
  "read-only": "Read-only",
  paused: "Paused",
  closed: "Closed",
};

/** How a site is called in a heading. */
export function siteName(id: string): string {
  return id === "*" ? "All sites" : id;
}

/** How a site is called within a sentence. */
export function siteInSentence(id: string): string {
  return id === "*" ? "all sites" : id;
}
