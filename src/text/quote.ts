/** What somebody else wrote, for a terminal: on one line, and without what a terminal would obey. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
}

export function quote(text: string): string {
  return `"${plain(text)}"`;
}

/** At most `most` characters of it. */
export function shorten(text: string, most: number): string {
  const line = plain(text);
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
