import { MaintenanceError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { parseAddress } from "./address.ts";
import { type AddressMatcher, compileAddressMatcher } from "./matcher.ts";
import { PROXY_PRESETS, type ProxyPreset } from "./proxy-presets.ts";

/** The proxies that may state the client's address. */
export type TrustProxy =
  | { readonly kind: "none" }
  /** The number of proxies in front, 1 or more. */
  | { readonly kind: "hops"; readonly count: number; readonly header: string }
  | {
      readonly kind: "addresses";
      /** As written in the configuration. */
      readonly ranges: readonly string[];
      readonly matcher: AddressMatcher;
      readonly header: string;
    };

/** Number of elements of a forwarding header that are read, including empty ones. Real chains of proxies are a tenth of this; 16 KB hold 15,000. */
const MAX_ELEMENTS = 100;
const FORWARDED_FOR = "x-forwarded-for";

/** Compiles the option `trustProxy`: a number of proxies, their addresses, or the name of a preset. Throws `ERR_INVALID_OPTION` or `ERR_INVALID_ADDRESS`. */
export function compileTrustProxy(option: number | string | readonly string[] | undefined): TrustProxy {
  if (option === undefined || option === 0) return { kind: "none" };
  if (typeof option === "string") {
    const { proxies, header } = presetOf(option);
    return trustOf(proxies, header ?? FORWARDED_FOR);
  }
  return trustOf(option, FORWARDED_FOR);
}

function trustOf(proxies: number | readonly string[], header: string): TrustProxy {
  if (typeof proxies === "number") {
    if (Number.isInteger(proxies) && proxies > 0) return { kind: "hops", count: proxies, header };
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      `The option 'trustProxy' is '${proxies}', not a number of proxies.`,
      {
        hint: "Write the number of proxies in front, such as 1, or their addresses, such as ['10.0.0.0/8'].",
      },
    );
  }
  const matcher = compileAddressMatcher(proxies.map((range) => ({ range, description: "", source: "configuration" })));
  return matcher === null ? { kind: "none" } : { kind: "addresses", ranges: proxies, matcher, header };
}

function presetOf(name: string): ProxyPreset {
  const preset = Object.hasOwn(PROXY_PRESETS, name) ? PROXY_PRESETS[name] : undefined;
  if (preset !== undefined) return preset;
  const names = Object.keys(PROXY_PRESETS);
  const likely = nearest(name, names);
  throw new MaintenanceError("ERR_INVALID_OPTION", `The option 'trustProxy' is '${name}', which is not a preset.`, {
    hint:
      likely === undefined
        ? `The presets are: ${names.join(", ")}. Addresses go into a list: ['10.0.0.0/8'].`
        : `Did you mean '${likely}'?`,
  });
}

/**
 * Returns the client's address: that of the socket, or the one that trusted proxies state. `X-Forwarded-For` is read from the right,
 * because each proxy appends its peer and the rest may be forged. Empty elements are ignored (RFC 9110 section 5.6.1.2). If a trusted
 * proxy states something other than an address (`unknown`), the client is unknown: the proxy's own address must not replace it. The
 * client is also unknown if it is not found within the last `MAX_ELEMENTS` elements.
 */
export function clientAddress(
  socketAddress: string | undefined,
  header: (name: string) => string | undefined,
  trust: TrustProxy,
): string | undefined {
  if (trust.kind === "none") return socketAddress;
  const forwarded = header(trust.header);
  if (forwarded === undefined) return socketAddress;
  let address = socketAddress;
  let end = forwarded.length;
  let read = 0;
  for (let hop = 0; end >= 0 && isTrusted(address, hop, trust); ) {
    read += 1;
    if (read > MAX_ELEMENTS) return undefined;
    const comma = end === 0 ? -1 : forwarded.lastIndexOf(",", end - 1);
    const entry = forwarded.slice(comma + 1, end).trim();
    end = comma;
    if (entry === "") continue;
    address = withoutPort(entry);
    if (parseAddress(address) === null) return undefined;
    hop += 1;
  }
  return address;
}

/**
 * Returns the scheme of the client's request as the outermost trusted proxy reports it; `undefined` if none does. Each proxy appends to
 * `X-Forwarded-Proto` or replaces it; anything to the left of the trusted ones may be forged.
 */
export function forwardedProtocol(
  socketAddress: string | undefined,
  header: (name: string) => string | undefined,
  trust: TrustProxy,
): string | undefined {
  const forwarded = header("x-forwarded-proto");
  if (trust.kind === "none" || forwarded === undefined) return undefined;
  const hops = listOf(header(trust.header) ?? "").map(withoutPort);
  let trusted = 0;
  for (let address = socketAddress; isTrusted(address, trusted, trust); address = hops.at(-trusted)) {
    trusted += 1;
    if (trusted > hops.length) break;
  }
  if (trusted === 0) return undefined;
  // Empty elements are kept: otherwise a scheme from the client could take their place.
  const protocols = forwarded.split(",").map((entry) => entry.trim().toLowerCase());
  return protocols.at(-Math.min(trusted, protocols.length));
}

/** Returns the elements of a list in a header, without empty ones. */
function listOf(header: string): readonly string[] {
  return header
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function isTrusted(address: string | undefined, hop: number, trust: Exclude<TrustProxy, { kind: "none" }>): boolean {
  return trust.kind === "hops" ? hop < trust.count : address !== undefined && trust.matcher.match(address);
}

/** Removes the port from `1.2.3.4:567` and `[::1]:80`, as some load balancers write them. */
function withoutPort(entry: string): string {
  if (entry.startsWith("[")) return /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? "";
  return /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}
