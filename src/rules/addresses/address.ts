import { parseFourParts } from "./ipv4.ts";
import { type IPv6Words, parseIPv6 } from "./ipv6.ts";

/** IPv4: 32 bits as an unsigned number. IPv6: four words of 32 bits. */
export type Address = number | IPv6Words;

// Node.js reports IPv4 clients of a dual-stack socket in this spelling, in lower case.
const MAPPED = "::ffff:";
const COLON = 0x3a;

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
