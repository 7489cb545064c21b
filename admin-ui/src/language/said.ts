/** A text of the page, or one of the server's own, which is English whatever the language of the page. */
export type Said = string | { readonly english: string };

export function isSilent(said: Said): boolean {
  return textOf(said) === "";
}

export function textOf(said: Said): string {
  return typeof said === "string" ? said : said.english;
}
