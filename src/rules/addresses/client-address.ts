import { MaintenanceError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { parseAddress } from "./address.ts";
import { type AddressMatcher, compileAddressMatcher } from "./matcher.ts";
import { PROXY_PRESETS, type ProxyPreset } from "./proxy-presets.ts";

/** Whose word on the client's address is believed. */
export type TrustProxy =
  | { readonly kind: "none" }
  /** So many proxies stand in front; 1 or more. */
  | { readonly kind: "hops"; readonly count: number; readonly header: string }
  | {
      readonly kind: "addresses";
      /** As they are written. */
      readonly ranges: readonly string[];
      readonly matcher: AddressMatcher;
      readonly header: string;
    };

/** Elements of a forwarding header that are read, empty ones too. Chains of proxies have a tenth of this, and 16 KB hold 15,000. */
const MAX_ELEMENTS = 100;
const FORWARDED_FOR = "x-forwarded-for";

/** Reads the option `trustProxy`: a number of proxies, their addresses, or a preset's name. Throws `ERR_INVALID_OPTION` or `ERR_INVALID_ADDRESS`. */
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
        hint: "Write how many proxies stand in front, such as 1, or their addresses, such as ['10.0.0.0/8'].",
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
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `The option 'trustProxy' is '${name}', and there is no such preset.`,
    {
      hint:
        likely === undefined
          ? `There are: ${names.join(", ")}. Addresses go into a list: ['10.0.0.0/8'].`
          : `Did you mean '${likely}'?`,
    },
  );
}

/**
 * The client's address: the socket's, or the one that trusted proxies vouch for. `X-Forwarded-For` is read from the right, because
 * each proxy appends the peer that it saw and the rest may be invented. Empty elements are ignored (RFC 9110 section 5.6.1.2). A proxy
 * that vouches for something else than an address (`unknown`) leaves the client unknown: its own address must not stand in. So does a
 * list of more than `MAX_ELEMENTS`, where the client is not found before that.
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
 * The scheme by which the client came, as the outermost trusted proxy has seen it; `undefined`: no trusted proxy says. Each proxy
 * appends to `X-Forwarded-Proto` or replaces it; what is on the left of the trusted ones is the client's own invention.
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
  // An empty word is kept: a scheme that the client wrote must not take its place.
  const protocols = forwarded.split(",").map((entry) => entry.trim().toLowerCase());
  return protocols.at(-Math.min(trusted, protocols.length));
}

/** The elements of a list in a header, without empty ones. */
function listOf(header: string): readonly string[] {
  return header
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function isTrusted(address: string | undefined, hop: number, trust: Exclude<TrustProxy, { kind: "none" }>): boolean {
  return trust.kind === "hops" ? hop < trust.count : address !== undefined && trust.matcher.match(address);
}

/** `1.2.3.4:567` and `[::1]:80`, as some load balancers write them. */
function withoutPort(entry: string): string {
  if (entry.startsWith("[")) return /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? "";
  return /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}
