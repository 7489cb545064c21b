import { parseAddress } from "../rules/addresses/address.ts";

/** By what a client's guesses are counted. One IPv6 client has a whole /64 to guess from (RFC 6177); what cannot be told apart counts as one. */
export function clientKey(address: string | undefined): string {
  const parsed = address === undefined ? null : parseAddress(address);
  if (parsed === null) return "";
  return typeof parsed === "number" ? String(parsed) : `${parsed[0]}:${parsed[1]}`;
}

/** The network from which one customer may have many addresses: a /24 of IPv4, a /48 of IPv6. */
export function networkKey(address: string | undefined): string {
  const parsed = address === undefined ? null : parseAddress(address);
  if (parsed === null) return "";
  return typeof parsed === "number" ? String(parsed >>> 8) : `${parsed[0]}:${parsed[1] >>> 16}`;
}
