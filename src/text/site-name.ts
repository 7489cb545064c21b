import { ALL_SITES } from "../state/site-record.ts";

/** A site in a sentence. */
export function siteName(id: string): string {
  return id === ALL_SITES ? "everything (*)" : id;
}

/** A site at the start of a sentence. An id stays as it is: that is how it is typed. */
export function siteSubject(id: string): string {
  return id === ALL_SITES ? capitalize(siteName(id)) : id;
}

export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
