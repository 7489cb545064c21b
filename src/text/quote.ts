/** Returns untrusted text for a terminal: on one line, without control and bidirectional characters. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
}

export function quote(text: string): string {
  return `"${plain(text)}"`;
}

/** Returns at most `maxLength` characters of the text. */
export function shorten(text: string, maxLength: number): string {
  const line = plain(text);
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).trimEnd()}…`;
}
