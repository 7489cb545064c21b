/**
 * Paths, once more, slow and obvious: what the documentation says ("Unclear paths" in docs/concepts.md, the patterns in
 * docs/configuration.md) and nothing of the product's own code.
 */

/** The path that a request target names, or `null` when it is unclear. */
export function readPath(target: string): string | null {
  const absolute = /^https?:\/\/(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d*)?(?=[/?]|$)/i.exec(target);
  if (absolute === null && !target.startsWith("/")) return null;
  const afterHost = absolute === null ? target : target.slice(absolute[0].length);
  const raw = beforeAny(afterHost, ["?"]) || "/";
  // A fragment is none of a target's business, and readers trim blanks off its end.
  if (raw.includes("#") || raw !== raw.trimEnd()) return null;
  if (!raw.startsWith("/") || raw.startsWith("//")) return null;
  if (raw.toLowerCase().includes("%2f")) return null;
  const decoded = percentDecode(raw);
  if (decoded === null) return null;
  if (decoded.includes("\\") || /%[0-9a-f][0-9a-f]/i.test(decoded)) return null;
  if ([...decoded].some(isControlCharacter)) return null;
  if (decoded.split("/").some((segment) => [".", ".."].includes(beforeAny(segment, [";"])))) return null;
  return decoded
    .split("/")
    .filter((segment, index, all) => segment !== "" || index === 0 || index === all.length - 1)
    .join("/");
}

function beforeAny(text: string, marks: readonly string[]): string {
  const ends = marks.map((mark) => text.indexOf(mark)).filter((at) => at !== -1);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

function isControlCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** Escapes to bytes and bytes to text, as UTF-8; `null` when either does not go. */
function percentDecode(text: string): string | null {
  if (/%(?![0-9a-f]{2})/i.test(text)) return null;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
      decoder.decode(Uint8Array.from(escapes.slice(1).split("%"), (digits) => Number.parseInt(digits, 16))),
    );
  } catch {
    return null;
  }
}

/** Whether `pattern`, as an operator writes it, holds `path`, as `readPath` gives it. */
function holdsPath(pattern: string, path: string, ignoreCase: boolean): boolean {
  if (pattern.startsWith("re:")) return new RegExp(pattern.slice(3), ignoreCase ? "i" : "").test(path);
  const below = pattern.endsWith("/*");
  const wanted = segmentsOf(below ? pattern.slice(0, -2) : pattern);
  const found = segmentsOf(path);
  if (below ? found.length < wanted.length : found.length !== wanted.length) return false;
  return wanted.every((segment, index) => {
    const other = found[index] ?? "";
    if (segment.startsWith(":")) return other !== "";
    const written = percentDecode(segment) ?? segment;
    return ignoreCase ? written.toLowerCase() === other.toLowerCase() : written === other;
  });
}

function segmentsOf(path: string): readonly string[] {
  return path === "" ? [] : path.slice(1).split("/");
}

export function anyHoldsPath(patterns: readonly string[], path: string | null, ignoreCase: boolean): boolean {
  return path !== null && patterns.some((pattern) => holdsPath(pattern, path, ignoreCase));
}
