import type { TrustProxy } from "../../rules/addresses/client-address.ts";
import { formatAddressRange } from "../../rules/addresses/format.ts";
import { compileAddressMatcher } from "../../rules/addresses/matcher.ts";
import { LOOPBACK, PRIVATE } from "../../rules/addresses/proxy-presets.ts";
import { type AddressRange, type IPv4Range, maskOf, parseAddressRange } from "../../rules/addresses/range.ts";
import { compilePathMatcher } from "../../rules/paths/matcher.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import { formatCount } from "../../text/list.ts";
import type { Outcome } from "../apply/apply-command.ts";
import { type WayIn, waysOfRecord } from "./ways-in.ts";

/** How a gate finds the address of a client. */
export interface AddressSources {
  readonly trustProxy: TrustProxy;
  /** Addresses that sent a forwarding header and that `trustProxy` does not name. Empty: none was seen, or it is not known here. */
  readonly ignoredProxies: readonly string[];
  readonly ignoreCase: boolean;
}

/** A shorter prefix covers more addresses than one organisation has. */
const WIDEST_IPV4 = 8;
const WIDEST_IPV6 = 16;
/** The addresses of IPv6 that are in use on the internet, RFC 4291 section 2.4. */
const PUBLIC_IPV6 = parseAddressRange("2000::/3");

/** Paths that no rule would name: a rule that matches all of these matches every path. */
const ANY_PATHS = ["/n8k2q", "/9~Q", "/V5c1t/w7h3z.x/j4m9r"];

/**
 * Returns warnings about `ways`, one sentence each: about rules that admit everyone, and about addresses of a proxy instead of clients.
 * Call `loadLinearRegExp` first if there are regular expressions.
 */
export function exemptionWarnings(ways: readonly WayIn[], sources: AddressSources): readonly string[] {
  const addresses = ways.filter(({ kind }) => kind === "address").map(({ rule }) => rule);
  const ranges = addresses.map(parseAddressRange);
  const own = ownRanges(sources);
  const wide = ranges.map((range, place) => coverageWarning(addresses[place] ?? "", range));
  const single = ranges.flatMap((range, place) => {
    const warning = wide[place] ?? sourceWarning(addresses[place] ?? "", range, sources, own);
    return warning === null ? [] : [warning];
  });
  const all = wide.every((warning) => warning === null) && coversIPv4(ranges);
  return [
    ...new Set([
      ...single,
      ...(all ? [`Together the exempt ranges cover every IPv4 address: everyone gets in.`] : []),
      ...unmatchedWarning(addresses, sources),
      ...pathWarnings(ways, sources),
      ...ways.flatMap(otherWarning),
    ]),
  ];
}

/** Returns the warnings about exemptions that a change adds. */
export function newExemptionWarnings(
  outcomes: readonly Outcome[],
  sources: AddressSources,
  now: number,
): readonly string[] {
  const warnings = (record: SiteRecord | null): readonly string[] =>
    record === null ? [] : exemptionWarnings(waysOfRecord(record, now), sources);
  const added = outcomes.flatMap(({ before, after }) => {
    const known = new Set(warnings(before));
    return warnings(after).filter((warning) => !known.has(warning));
  });
  return [...new Set(added)];
}

/** Returns a warning about a range that is wider than any real network. */
function coverageWarning(text: string, range: AddressRange): string | null {
  if (range.prefix >= (range.family === 4 ? WIDEST_IPV4 : WIDEST_IPV6)) return null;
  const shown = formatAddressRange(text);
  if (range.prefix === 0) return `'${shown}' is every IPv${range.family} address: everyone who has one gets in.`;
  if (range.family === 4) {
    return `'${shown}' covers ${formatCount(2 ** (32 - range.prefix))} IPv4 addresses: all of them get in.`;
  }
  if (!overlaps(range, PUBLIC_IPV6)) return null;
  return range.prefix <= PUBLIC_IPV6.prefix
    ? `'${shown}' contains every public IPv6 address: everyone who has one gets in.`
    : `'${shown}' covers a large part of the public IPv6 addresses: all of them get in.`;
}

interface OwnRanges {
  readonly loopback: readonly AddressRange[];
  readonly private: readonly AddressRange[];
  /** The ranges that `trustProxy` names. */
  readonly proxies: readonly AddressRange[];
}

/** The ranges with which each exempt address is compared, parsed once. */
function ownRanges({ trustProxy }: AddressSources): OwnRanges {
  return {
    loopback: LOOPBACK.map(parseAddressRange),
    private: PRIVATE.map(parseAddressRange),
    proxies: trustProxy.kind === "addresses" ? trustProxy.ranges.map(parseAddressRange) : [],
  };
}

/** Returns a warning about an address that is, or may be, the address of a proxy. */
function sourceWarning(
  text: string,
  range: AddressRange,
  { trustProxy, ignoredProxies }: AddressSources,
  own: OwnRanges,
): string | null {
  const isAmong = (ranges: readonly AddressRange[]): boolean => ranges.some((one) => overlaps(range, one));
  const matcher =
    ignoredProxies.length === 0 ? null : compileAddressMatcher([{ range: text, description: "", source: "" }]);
  const proxy = ignoredProxies.find((address) => matcher?.match(address) === true);
  if (proxy !== undefined) {
    return `Requests with a forwarding header come from ${proxy}, which 'trustProxy' does not name: every client behind that proxy counts as ${proxy}, and '${formatAddressRange(text)}' lets all of them in. Name the proxy in 'trustProxy' first.`;
  }
  if (trustProxy.kind === "addresses" && isAmong(own.proxies)) {
    return `'${formatAddressRange(text)}' contains addresses that 'trustProxy' names as proxies: a request without a client address from such a proxy counts as the proxy's own, and gets in.`;
  }
  if (trustProxy.kind !== "none" || !(isAmong(own.loopback) || isAmong(own.private))) return null;
  const what = isAmong(own.loopback) ? "is this machine itself" : "is private";
  return `'${formatAddressRange(text)}' ${what}, and 'trustProxy' is not set: if a proxy there passes requests on, every client behind it counts as the proxy and gets in. Name the proxy in 'trustProxy' first.`;
}

/** Returns a warning if no exempt address can match: behind an untrusted proxy, every client has the address of the proxy. */
function unmatchedWarning(addresses: readonly string[], { ignoredProxies }: AddressSources): readonly string[] {
  if (ignoredProxies.length === 0) return [];
  const own = compileAddressMatcher([...LOOPBACK, ...PRIVATE].map((range) => ({ range, description: "", source: "" })));
  const matcher = compileAddressMatcher(addresses.map((range) => ({ range, description: "", source: "" })));
  const proxy = ignoredProxies.find((address) => own?.match(address) === true && matcher?.match(address) === false);
  if (proxy === undefined) return [];
  return [
    `Requests with a forwarding header come from ${proxy}, which 'trustProxy' does not name: every client behind that proxy counts as ${proxy}, and no exempt address matches it.`,
  ];
}

function pathWarnings(ways: readonly WayIn[], { ignoreCase }: AddressSources): readonly string[] {
  const rules = ways.filter(({ kind }) => kind === "path" || kind === "surface").map(({ rule }) => rule);
  const letsAllIn = (patterns: readonly string[]): boolean => {
    const matcher = compilePathMatcher(
      patterns.map((pattern) => ({ pattern, description: "", source: "" })),
      { ignoreCase },
    );
    return ANY_PATHS.every((path) => matcher?.match(path) != null);
  };
  if (!letsAllIn(rules)) return [];
  const wide = rules.filter((rule) => letsAllIn([rule]));
  if (wide.length > 0) return wide.map((rule) => `The path '${rule}' matches every path: everyone gets in everywhere.`);
  return ["Together the exempt paths match every path: everyone gets in everywhere."];
}

function otherWarning({ kind, rule }: WayIn): readonly string[] {
  if (kind === "method") return rule === "GET" ? ["The method GET is exempt: everyone may read every page."] : [];
  if (kind === "user" && rule === "anonymous") return ["Users who are not signed in are exempt: everyone gets in."];
  return kind === "test-run" ? ["This is a test run (NODE_ENV=test), and `exempt.tests` lets every request in."] : [];
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  const [wide, narrow] = a.prefix <= b.prefix ? [a, b] : [b, a];
  if (wide.family === 4 && narrow.family === 4)
    return firstBits(wide.start, wide.prefix) === firstBits(narrow.start, wide.prefix);
  if (wide.family !== 6 || narrow.family !== 6) return false;
  return wide.start.every(
    (word, i) => firstBits(word, wide.prefix - 32 * i) === firstBits(narrow.start[i] ?? 0, wide.prefix - 32 * i),
  );
}

function firstBits(word: number, length: number): number {
  return (word & maskOf(length)) >>> 0;
}

function coversIPv4(ranges: readonly AddressRange[]): boolean {
  const ipv4 = ranges.filter((range): range is IPv4Range => range.family === 4);
  let end = 0;
  for (const { start, prefix } of ipv4.toSorted((a, b) => a.start - b.start)) {
    if (start > end) return false;
    end = Math.max(end, start + 2 ** (32 - prefix));
  }
  return end === 2 ** 32;
}
