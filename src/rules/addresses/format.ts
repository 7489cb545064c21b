import type { IPv6Words } from "./address.ts";
import { parseAddress } from "./address.ts";

/**
 * Returns the canonical spelling of an address: IPv4 also for an IPv4-mapped address, IPv6 as in RFC 5952, without a zone. Any other text
 * is returned unchanged.
 *
 * @example formatAddress("::ffff:127.0.0.1") // "127.0.0.1"
 * @example formatAddress("2001:DB8:0:0:0:0:0:1") // "2001:db8::1"
 */
export function formatAddress(text: string): string {
  const address = parseAddress(text);
  if (address === null) return text;
  return typeof address === "number" ? formatIPv4(address) : formatIPv6(address);
}

/** Returns the canonical spelling of a range: `2001:DB8::/32` becomes `2001:db8::/32`. Bits after the prefix are kept. */
export function formatAddressRange(text: string): string {
  const slash = text.indexOf("/");
  if (slash === -1) return formatAddress(text);
  const address = formatAddress(text.slice(0, slash));
  const length = Number(text.slice(slash + 1));
  // A range of IPv4-mapped addresses is shown as an IPv4 range.
  const isMapped = text.includes(":") && !address.includes(":");
  return `${address}/${isMapped ? length - 96 : length}`;
}

function formatIPv4(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** In lower case, without leading zeros, and with `::` for the longest run of two or more zero groups, the first among equal ones. */
function formatIPv6(words: IPv6Words): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let [start, length] = [0, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return length === 1 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}
