const ABSOLUTE_FORM = /^https?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?(?=[/?]|$)/i;
// Anything that some reader may interpret differently. An expression is twice as fast as checking each character.
const UNUSUAL = /[^\w/.~:@!$&'()*+,;=-]|\/[/.]/;
// An encoded slash; a malformed escape, a nested one, or one of an unreserved character; a fragment, which no target has; a trailing
// blank, which URL parsers remove.
const UNCLEAR_AS_SENT = /%(?:2f|(?![0-9a-f]{2})|25[0-9a-f]{2}|2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)|#|\s$/i;
// A backslash, a control character, a segment that is `.` or `..`, also before a `;` or surrounded by blanks.
const UNCLEAR = /[\\\p{Cc}]|\/\s*\.\s*\.?\s*(?=[/;]|$)/u;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const NOT_STRUCTURE = /[^/%]/g;

/**
 * Returns the form in which paths are matched, without query and fragment: as sent, with only those escapes decoded that cannot be
 * written otherwise (`%20`, `%C3%A9`). Takes a request target as received (RFC 9112 section 3.2), in origin or absolute form.
 *
 * Returns `null` if the path is unclear: two readers could take it for two paths, or it is not a path. An unclear path is never exempt,
 * and is inside every scope. `..` is refused and not resolved: browsers resolve it before they send, so a client that sends it may want
 * the gate and the application to see different paths. The same holds for an unnecessary escape such as `%61`: routers that do not
 * decode see another path (RFC 3986 section 6.2.2.2).
 */
export function normalizePath(target: string): string | null {
  if (target.charCodeAt(0) !== 0x2f) return normalizeAbsoluteForm(target);
  const end = target.search(UNUSUAL);
  if (end === -1) return target;
  return target.charCodeAt(end) === 0x3f ? target.slice(0, end) : normalizeUnusual(target);
}

function normalizeAbsoluteForm(target: string): string | null {
  const origin = ABSOLUTE_FORM.exec(target);
  if (origin === null) return null;
  const path = target.slice(origin[0].length);
  return normalizeUnusual(path.startsWith("/") ? path : `/${path}`);
}

function normalizeUnusual(target: string): string | null {
  const end = target.indexOf("?");
  const path = end === -1 ? target : target.slice(0, end);
  // A URL parser reads `//open/x` as the path `/x` of the host `open`.
  if (path.startsWith("//") || UNCLEAR_AS_SENT.test(path)) return null;
  try {
    const decoded = path.replace(ESCAPES, decodeURIComponent);
    if (UNCLEAR.test(decoded) || changesWhenFolded(decoded)) return null;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
  return path.replace(ESCAPES, (escapes) => {
    const text = decodeURIComponent(escapes);
    return encodeURI(text).replace(/[?#]/g, encodeURIComponent) === escapes ? text : escapes;
  });
}

/** Whether Unicode normalisation creates separators or dot segments, for example from the full-width `／` and `．．`. */
function changesWhenFolded(path: string): boolean {
  const folded = path.normalize("NFKC").replace(IGNORABLE, "");
  if (folded === path) return false;
  return UNCLEAR.test(folded) || folded.replace(NOT_STRUCTURE, "") !== path.replace(NOT_STRUCTURE, "");
}

/** Decodes the remaining escapes of a path in the form of `normalizePath`, and removes empty segments. */
export function decodePath(path: string): string {
  return path.replace(ESCAPES, decodeURIComponent).replace(/\/{2,}/g, "/");
}

/**
 * Returns the same text for all spellings that some router treats as one path: ignores case, Unicode form, doubled slashes and a trailing
 * slash. Expects a result of `normalizePath`.
 */
export function foldPath(path: string): string {
  return trimSlash(decodePath(path).normalize("NFKC").replace(IGNORABLE, "").toLowerCase());
}

/**
 * Returns the rest of a folded path for servers that cut off more: the part after an escaped `?` or `#`, `;parameters`, and dots and
 * blanks at the end of a segment.
 */
export function trimPath(folded: string): string {
  if (!/[?#;.\s]/.test(folded)) return folded;
  const trimmed = folded
    .replace(/[?#].*/s, "")
    .replace(/;[^/]*/g, "")
    .replace(/(?<![.\s])[.\s]+(?=\/|$)/g, "");
  return trimSlash(trimmed.replace(/\/{2,}/g, "/"));
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
