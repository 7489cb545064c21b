import { MaintenanceError } from "../../errors.ts";
import type { IPv6Words } from "./address.ts";
import { type Address, parseAddress } from "./address.ts";

/** The addresses that share the first `prefix` bits of `start`, whose other bits are 0. */
export type AddressRange = IPv4Range | IPv6Range;

export interface IPv4Range {
  readonly family: 4;
  readonly start: number;
  /** 0 to 32. */
  readonly prefix: number;
}

export interface IPv6Range {
  readonly family: 6;
  readonly start: IPv6Words;
  /** 0 to 128. */
  readonly prefix: number;
}

const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Parses an address or a CIDR range (RFC 4632 section 3.1, RFC 4291 section 2.3). Bits after the prefix are ignored: `10.0.0.5/8` equals
 * `10.0.0.0/8`. An IPv4-mapped range is returned as IPv4. Throws `ERR_INVALID_ADDRESS` with the reason.
 */
export function parseAddressRange(text: string): AddressRange {
  const slash = text.indexOf("/");
  const address = slash === -1 ? text : text.slice(0, slash);
  const start = parseAddress(address);
  if (start === null) throw refusal(text, reasonAgainst(address));
  if (slash === -1) return rangeOf(start, typeof start === "number" ? 32 : 128);

  const length = text.slice(slash + 1);
  const mapped = typeof start === "number" && address.includes(":");
  const bits = mapped || typeof start !== "number" ? 128 : 32;
  if (!PREFIX_LENGTH.test(length) || Number(length) > bits) {
    throw refusal(text, `its prefix length '${length}' is not a whole number from 0 to ${bits}`);
  }
  const prefix = Number(length) - (mapped ? 96 : 0);
  if (prefix < 0) throw refusal(text, "a range of IPv4-mapped addresses has a prefix length from 96 to 128");
  return rangeOf(start, prefix);
}

function rangeOf(address: Address, prefix: number): AddressRange {
  if (typeof address === "number") return { family: 4, start: (address & maskOf(prefix)) >>> 0, prefix };
  const masked = (i: 0 | 1 | 2 | 3): number => (address[i] & maskOf(prefix - 32 * i)) >>> 0;
  return { family: 6, start: [masked(0), masked(1), masked(2), masked(3)], prefix };
}

/** Returns 32 bits of which the first `length` are set; less than 0 counts as 0, and more than 32 as 32. */
export function maskOf(length: number): number {
  return length <= 0 ? 0 : -1 << Math.max(0, 32 - length);
}

function reasonAgainst(address: string): string {
  if (address === "") return "there is no address";
  if (address.includes(":")) return `'${address}' is not an IPv6 address`;
  if (/^[\d.]+$/.test(address)) return `'${address}' is not four decimal parts from 0 to 255 without leading zeros`;
  return `'${address}' is not an address, and names are not looked up`;
}

function refusal(text: string, reason: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_ADDRESS", `The address or range '${text}' is refused: ${reason}.`);
}
