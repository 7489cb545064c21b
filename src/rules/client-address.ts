import { MaintenanceError } from "../errors.ts";
import { parseAddress } from "./address.ts";
import { type AddressMatcher, compileAddressMatcher } from "./address-matcher.ts";

/** Whose `X-Forwarded-For` is believed. */
export type TrustProxy =
  | { readonly kind: "none" }
  /** So many proxies stand in front; 1 or more. */
  | { readonly kind: "hops"; readonly count: number }
  | { readonly kind: "addresses"; readonly matcher: AddressMatcher };

/** Reads the option `trustProxy`. Throws `ERR_INVALID_OPTION` or `ERR_INVALID_ADDRESS`. */
export function compileTrustProxy(option: number | readonly string[] | undefined): TrustProxy {
  if (option === undefined || option === 0) return { kind: "none" };
  if (typeof option === "number") {
    if (Number.isInteger(option) && option > 0) return { kind: "hops", count: option };
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      `The option 'trustProxy' is '${option}', not a number of proxies.`,
      {
        hint: "Write how many proxies stand in front, such as 1, or their addresses, such as ['10.0.0.0/8'].",
      },
    );
  }
  const rules = option.map((range) => ({ range, description: "", source: "configuration" }));
  const matcher = compileAddressMatcher(rules);
  return matcher === null ? { kind: "none" } : { kind: "addresses", matcher };
}

/**
 * The client's address: the socket's, or the one that trusted proxies vouch for. `X-Forwarded-For` is read from the right, because
 * each proxy appends the peer that it saw and the rest may be invented. What is no address ends the walk at the last one that was.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trust: TrustProxy,
): string | undefined {
  if (trust.kind === "none" || forwardedFor === undefined) return socketAddress;
  let address = socketAddress;
  let end = forwardedFor.length;
  for (let hop = 0; end >= 0 && isTrusted(address, hop, trust); hop++) {
    const comma = end === 0 ? -1 : forwardedFor.lastIndexOf(",", end - 1);
    const entry = withoutPort(forwardedFor.slice(comma + 1, end).trim());
    if (parseAddress(entry) === null) break;
    address = entry;
    end = comma;
  }
  return address;
}

function isTrusted(address: string | undefined, hop: number, trust: Exclude<TrustProxy, { kind: "none" }>): boolean {
  return trust.kind === "hops" ? hop < trust.count : address !== undefined && trust.matcher.match(address);
}

/** `1.2.3.4:567` and `[::1]:80`, as some load balancers write them. */
function withoutPort(entry: string): string {
  if (entry.startsWith("[")) return /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? "";
  const colon = entry.indexOf(":");
  return colon !== -1 && colon === entry.lastIndexOf(":") && entry.includes(".") ? entry.slice(0, colon) : entry;
}
