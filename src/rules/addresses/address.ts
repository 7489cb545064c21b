/** Four words of 32 bits, the most significant first. */
export type IPv6Words = readonly [number, number, number, number];

/** IPv4: 32 bits as an unsigned number. IPv6: four words of 32 bits. */
export type Address = number | IPv6Words;

// Node.js reports IPv4 clients of a dual-stack socket in this spelling, in lower case.
const MAPPED = "::ffff:";
const GROUPS = 8;
// The longest spelling: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
const MAX_LENGTH = 45;
const COLON = 0x3a;
const DOT = 0x2e;

/**
 * Parses an address. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is returned as IPv4; a zone (`%eth0`, RFC 4007 section 11)
 * is ignored. Returns `null` for anything else. An IPv4 address has four decimal parts without leading zeros; no other spelling is read.
 */
export function parseAddress(text: string): Address | null {
  const bits = parseIPv4(text);
  if (bits !== -1) return bits;
  const zone = text.indexOf("%");
  if (zone !== -1 && zone === text.length - 1) return null;
  const words = parseIPv6(zone === -1 ? text : text.slice(0, zone));
  return words !== null && words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? words[3] : words;
}

/** Returns the 32 bits of an IPv4 address, mapped or not; -1 for anything else. Allocates nothing. */
export function parseIPv4(text: string): number {
  const isMapped = text.charCodeAt(0) === COLON && text.startsWith(MAPPED);
  return parseFourParts(text, isMapped ? MAPPED.length : 0);
}

/** Parses the IPv4 address in `text` from `start` to the end. Returns 32 bits as an unsigned number, or -1. Allocates nothing. */
function parseFourParts(text: string, start: number): number {
  let bits = 0;
  let part = -1;
  let dots = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (part === -1 || dots === 3) return -1;
      bits = (bits << 8) | part;
      part = -1;
      dots++;
    } else {
      // A second digit after 0: a leading zero, which some readers take for octal.
      if (code < 0x30 || code > 0x39 || part === 0) return -1;
      part = (part === -1 ? 0 : part * 10) + code - 0x30;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && part !== -1 ? ((bits << 8) | part) >>> 0 : -1;
}

/**
 * Parses an IPv6 address in one of the forms of RFC 4291 section 2.2: eight groups of one to four hexadecimal digits; `::` once, for one
 * or more groups of zeros; the last two groups as an IPv4 address. Returns `null` for anything else.
 */
export function parseIPv6(text: string): IPv6Words | null {
  if (text.length > MAX_LENGTH) return null;
  const groups: number[] = [];
  /** Number of groups before the `::`. */
  let before = -1;
  let position = 0;
  if (text.startsWith("::")) {
    before = 0;
    position = 2;
  }
  while (position < text.length) {
    let group = 0;
    let end = position;
    for (; end < text.length; end++) {
      const digit = hexadecimalDigit(text.charCodeAt(end));
      if (digit === -1) break;
      group = (group << 4) | digit;
    }
    if (text.charCodeAt(end) === DOT) {
      const bits = parseFourParts(text, position);
      if (bits === -1) return null;
      groups.push(bits >>> 16, bits & 0xffff);
      break;
    }
    if (end === position || end - position > 4) return null;
    groups.push(group);
    if (end === text.length) break;
    position = end + 1;
    if (text.charCodeAt(end) !== COLON || position === text.length) return null;
    if (text.charCodeAt(position) !== COLON) continue;
    if (before !== -1) return null;
    before = groups.length;
    position++;
  }
  if (before === -1 ? groups.length !== GROUPS : groups.length >= GROUPS) return null;
  return [wordAt(groups, before, 0), wordAt(groups, before, 2), wordAt(groups, before, 4), wordAt(groups, before, 6)];
}

/** Returns 0 to 15, or -1. */
function hexadecimalDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function wordAt(groups: readonly number[], before: number, first: number): number {
  return ((groupAt(groups, before, first) << 16) | groupAt(groups, before, first + 1)) >>> 0;
}

/** Returns group `i` of eight: the groups that `::` omits are 0, and those after it are aligned to the end. */
function groupAt(groups: readonly number[], before: number, i: number): number {
  if (before === -1 || i < before) return groups[i] ?? 0;
  const missing = GROUPS - groups.length;
  return i < before + missing ? 0 : (groups[i - missing] ?? 0);
}
