/** An independent implementation of address matching, on bigints, which tests compare with `src/`. */

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly mapped: boolean;
}

/** Whether `range`, a valid address or CIDR range, contains `address`. No range contains an invalid address. */
export function holdsAddress(range: string, address: string | undefined): boolean {
  const wanted = address === undefined ? null : readAddress(address);
  const [start = "", length] = range.split("/");
  const first = readAddress(start);
  if (wanted === null || first === null || wanted.bits !== first.bits) return false;
  const prefix = length === undefined ? first.bits : Number(length) - (first.mapped ? 96 : 0);
  const rest = BigInt(first.bits - prefix);
  return wanted.value >> rest === first.value >> rest;
}

function readAddress(text: string): Address | null {
  const four = readFourParts(text);
  if (four !== null) return { bits: 32, value: four, mapped: false };
  const groups = readGroups(text);
  if (groups === null) return null;
  const value = groups.reduce((sum, group) => (sum << 16n) | group, 0n);
  // An IPv4-mapped address represents that IPv4 address (RFC 4291 section 2.5.5.2).
  if (value >> 32n === 0xffffn) return { bits: 32, value: value & 0xffff_ffffn, mapped: true };
  return { bits: 128, value, mapped: false };
}

function readFourParts(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** Returns the eight groups of an IPv6 address (RFC 4291 section 2.2), without its zone; `null` if it is invalid. */
function readGroups(text: string): readonly bigint[] | null {
  const [address = "", ...zone] = text.split("%");
  if (text.includes("%") && zone.join("%") === "") return null;
  const halves = address.split("::");
  if (halves.length > 2) return null;
  const [left, right] = [readHalf(halves[0] ?? "", halves.length === 1), readHalf(halves[1] ?? "", true)];
  if (left === null || right === null) return null;
  if (halves.length === 1) return left.length === 8 ? left : null;
  const missing = 8 - left.length - right.length;
  return missing < 1 ? null : [...left, ...Array<bigint>(missing).fill(0n), ...right];
}

/** Reads the groups on one side of `::`. The last part may be an IPv4 address, which counts as two groups. */
function readHalf(text: string, isLast: boolean): readonly bigint[] | null {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const four = isLast && index === parts.length - 1 ? readFourParts(part) : null;
    if (four !== null) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
