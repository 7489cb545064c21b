import { ALL_SITES } from "../state/site-record.ts";

/** Returns the name of a site for the middle of a sentence. */
export function siteName(id: string): string {
  return id === ALL_SITES ? "everything (*)" : id;
}

/** Returns the name of a site for the start of a sentence. An id keeps its case, as it has to be typed. */
export function siteSubject(id: string): string {
  return id === ALL_SITES ? capitalize(siteName(id)) : id;
}

export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
