import { parseAddress } from "./address.ts";
import type { IPv6Words } from "./ipv6.ts";

/**
 * The one spelling in which an address is shown: IPv4 also where it came mapped into IPv6, and IPv6 as RFC 5952 has it, without a zone.
 * What is no address stays as it is.
 *
 * @example formatAddress("::ffff:127.0.0.1") // "127.0.0.1"
 * @example formatAddress("2001:DB8:0:0:0:0:0:1") // "2001:db8::1"
 */
export function formatAddress(text: string): string {
  const address = parseAddress(text);
  if (address === null) return text;
  return typeof address === "number" ? formatIPv4(address) : formatIPv6(address);
}

/** The same for a range: `2001:DB8::/32` is shown as `2001:db8::/32`. The bits after the prefix stay as they were written. */
export function formatAddressRange(text: string): string {
  const slash = text.indexOf("/");
  if (slash === -1) return formatAddress(text);
  const address = formatAddress(text.slice(0, slash));
  const length = Number(text.slice(slash + 1));
  // A range of mapped addresses is one of IPv4.
  const isMapped = text.includes(":") && !address.includes(":");
  return `${address}/${isMapped ? length - 96 : length}`;
}

function formatIPv4(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** Lower case, no leading zeros, and the longest run of two or more zero groups, the first of equal ones, as `::`. */
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
