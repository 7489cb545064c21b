import ipaddr from "ipaddr.js";

/** IPv4: 32 bits, as an unsigned number. IPv6: four words of 32 bits, the most significant first. */
export type Address = number | IPv6Words;

export type IPv6Words = Uint32Array;

// Node gives IPv4 clients of a dual-stack socket in this spelling, and in lower case.
const MAPPED = "::ffff:";
// Eight groups of four digits with the last two in dotted form: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
const MAX_IPV6_LENGTH = 45;

/**
 * Reads an address. An IPv4-mapped one (RFC 4291 section 2.5.5.2) is the IPv4 address; a zone (`%eth0`, RFC 4007 section 11) is
 * left out. `null` for whatever is none: an IPv4 address has four decimal parts without leading zeros, and no other spelling.
 */
export function parseAddress(text: string): Address | null {
  const bits = parseIPv4(text);
  return bits === -1 ? parseIPv6(text) : bits;
}

/** The 32 bits of an IPv4 address, mapped or not, or -1. Allocates nothing. */
export function parseIPv4(text: string): number {
  return parseFourParts(text, text.startsWith(MAPPED) ? MAPPED.length : 0);
}

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
      // A part that is 0 so far has a leading zero, which some readers take for octal.
      if (code < 0x30 || code > 0x39 || part === 0) return -1;
      part = (part === -1 ? 0 : part * 10) + code - 0x30;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && part !== -1 ? ((bits << 8) | part) >>> 0 : -1;
}

function parseIPv6(text: string): Address | null {
  const zone = text.indexOf("%");
  const address = zone === -1 ? text : text.slice(0, zone);
  if (zone === text.length - 1 || address.length > MAX_IPV6_LENGTH || !address.includes(":")) return null;
  const plain = withoutDottedPart(address);
  const parts = plain === null ? null : partsOf(plain);
  if (parts === null) return null;
  const words = new Uint32Array(4);
  for (const [i, part] of parts.entries()) words[i >> 1] = ((words[i >> 1] ?? 0) << 16) | part;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? (words[3] ?? 0) : words;
}

/** Eight numbers of 16 bits. The library's errors carry no code, and asking it first whether it is valid costs as much again. */
function partsOf(text: string): readonly number[] | null {
  try {
    return ipaddr.IPv6.parse(text).parts;
  } catch {
    return null;
  }
}

/** The library takes octal and hexadecimal parts in `::ffff:010.0.0.1`, and `::10.0.0.1` for IPv4-mapped: it never sees a dot. */
function withoutDottedPart(text: string): string | null {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const bits = parseFourParts(text, start);
  return bits === -1 ? null : `${text.slice(0, start)}${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`;
}
