const ABSOLUTE_FORM = /^https?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?(?=[/?]|$)/i;
// Whatever is not certain to be read as it stands. Found by an expression in half the time of a look at each character.
const UNUSUAL = /[^\w/.~:@!$&'()*+,;=-]|\/[/.]/;
// An encoded slash; a fragment, which no target has; a blank at the end, which URL parsers trim off.
const UNCLEAR_AS_SENT = /%2f|#|\s$/i;
// A backslash, a control character, an escape that decoding has left over, a segment that is `.` or `..` or starts so before a `;`.
const UNCLEAR = /[\\\p{Cc}]|%[0-9a-f]{2}|\/\.{1,2}(?=[/;]|$)/iu;

/**
 * The one form in which paths are matched: percent-decoded once, duplicate slashes collapsed, without query and fragment.
 * Takes a request target as received (RFC 9112 section 3.2), in origin form or absolute form.
 *
 * `null` means unclear: two readers could take it for two paths, or it is none. What is unclear is never exempt, and counts as
 * inside every scope. `..` is refused and not resolved, because browsers resolve it before they send: who still sends one wants
 * this reader to see one path and the application another.
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
  const decoded = decode(path);
  if (decoded === null || UNCLEAR.test(decoded)) return null;
  return decoded.replace(/\/{2,}/g, "/");
}

function decode(path: string): string | null {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
