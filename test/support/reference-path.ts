/**
 * An independent implementation of path matching, slow and obvious, which tests compare with `src/`. It follows the documentation ("Unclear
 * paths" in docs/concepts.md, the patterns in docs/configuration.md) and uses no code of the product.
 */

/** Characters that a segment contains unescaped (RFC 3986 section 3.3). */
const UNRESERVED = /^[a-z0-9._~-]$/i;
const NEEDS_NO_ESCAPE = /^[a-z0-9._~!$&'()*+,;=:@-]$/i;

/** Returns the path that a request target names, or `null` if it is unclear. */
export function readPath(target: string): string | null {
  const absolute = /^https?:\/\/(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d*)?(?=[/?]|$)/i.exec(target);
  if (absolute === null && !target.startsWith("/")) return null;
  const afterHost = absolute === null ? target : target.slice(absolute[0].length);
  const raw = beforeAny(afterHost, ["?"]) || "/";
  // A request target has no fragment, and some parsers trim trailing blanks.
  if (raw.includes("#") || raw !== raw.trimEnd()) return null;
  if (!raw.startsWith("/") || raw.startsWith("//")) return null;
  if (raw.toLowerCase().includes("%2f")) return null;
  const escaped = (raw.match(/%[0-9a-f]{2}/gi) ?? []).map((it) =>
    String.fromCharCode(Number.parseInt(it.slice(1), 16)),
  );
  if (escaped.some((character) => UNRESERVED.test(character))) return null;
  const decoded = percentDecode(raw);
  if (decoded === null || /%25[0-9a-f]{2}/i.test(raw)) return null;
  const folded = foldUnicode(decoded);
  for (const path of [decoded, folded]) {
    if (path.includes("\\") || [...path].some(isControlCharacter)) return null;
    const segments = path.split("/").map((segment) => beforeAny(segment, [";"]).replaceAll(/\s/g, ""));
    if (segments.some((segment) => segment === "." || segment === "..")) return null;
  }
  if (countOf("/", folded) !== countOf("/", decoded) || countOf("%", folded) !== countOf("%", decoded)) return null;
  return raw.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const text = percentDecode(escapes) ?? escapes;
    return [...text].map(escapeIfNeeded).join("") === escapes ? text : escapes;
  });
}

function escapeIfNeeded(character: string): string {
  if (NEEDS_NO_ESCAPE.test(character)) return character;
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function foldUnicode(text: string): string {
  return text.normalize("NFKC").replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "");
}

function countOf(character: string, text: string): number {
  return text.split(character).length;
}

function beforeAny(text: string, marks: readonly string[]): string {
  const ends = marks.map((mark) => text.indexOf(mark)).filter((at) => at !== -1);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

function isControlCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** Decodes percent escapes as UTF-8; `null` if an escape or its bytes are invalid. */
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

/** Whether `pattern`, as an operator writes it, matches `path`, as `readPath` returns it. */
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

/**
 * Like `anyHoldsPath`, for patterns that block requests: a pattern also matches if some router may read `path` as a path that it matches.
 */
export function anyMayHoldPath(patterns: readonly string[], path: string | null): boolean {
  if (path === null) return true;
  const whole = foldUnicode(percentDecodeClear(path)).toLowerCase();
  const cut = whole
    .split(/[?#]/, 1)
    .join("")
    .split("/")
    .map((segment) => beforeAny(segment, [";"]).replace(/[.\s]+$/, ""))
    .join("/");
  return patterns.some((pattern) => {
    if (pattern.startsWith("re:"))
      return [path, withoutEmpty(whole), withoutEmpty(cut)].some((it) => holdsPath(pattern, it, true));
    const below = pattern.endsWith("/*");
    const written = withoutEmpty((percentDecode(below ? pattern.slice(0, -2) : pattern) ?? pattern).toLowerCase());
    const folded = `${written === "/" ? "" : written}${below ? "/*" : ""}` || "/";
    return [whole, cut].some((it) => holdsPath(folded, withoutEmpty(it), true));
  });
}

/** Decodes percent escapes; a `%` that starts no escape stays as it is. */
function percentDecodeClear(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => percentDecode(escapes) ?? escapes);
}

function withoutEmpty(path: string): string {
  return `/${path
    .split("/")
    .filter((segment) => segment !== "")
    .join("/")}`;
}
