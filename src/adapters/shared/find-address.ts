import { kindOf, messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { clientAddress } from "../../rules/addresses/client-address.ts";
import { formatAddress } from "../../rules/addresses/format.ts";

/** The data from which the client's address is found. */
export interface AddressSource {
  /** The framework's own request. */
  readonly request: object;
  /** The remote address of the connection, if it is known. */
  readonly peer: string | undefined;
  header(name: string): string | undefined;
}

/** Addresses whose forwarding header was ignored, by gate. The first is logged. Bounded, so that clients cannot fill the log or the memory. */
const ignored = new WeakMap<GateInternals, Set<string>>();
const MAX_IGNORED_PROXIES = 8;
const NONE: ReadonlySet<string> = new Set();

/** Returns the first 8 addresses that sent a forwarding header although `trustProxy` does not name them. */
export function ignoredProxies(gate: GateInternals): readonly string[] {
  return [...(ignored.get(gate) ?? NONE)];
}

/** Returns the client's address: from the application's own `clientAddress`, else by `trustProxy`. Called only for a decision that depends on it. */
export function findAddress(gate: GateInternals, source: AddressSource): string | undefined {
  const own = askAddress(gate, () => gate.options.clientAddress?.(source.request), "The option 'clientAddress'");
  if (own !== undefined) return own;
  if ((ignored.get(gate)?.size ?? 0) < MAX_IGNORED_PROXIES) noteIgnored(gate, source);
  const found = clientAddress(source.peer, (name) => source.header(name), gate.options.trustProxy);
  if (found === undefined && !reported.has(gate)) reportUnknown(gate);
  return found;
}

/** Gates that have reported that an address is not known. */
const reported = new WeakSet<GateInternals>();

/** Warns once when address rules cannot match: an operator who relies on one would be blocked. */
function reportUnknown(gate: GateInternals): void {
  const { policy, sites } = gate.snapshot;
  const hasRules = [...sites.values()].some(({ rules }) => rules.exemptAddresses !== null);
  if (policy.exemptAddresses === null && !hasRules) return;
  reported.add(gate);
  gate.options.logger.warn(
    "The address of a client is unknown, so no exemption of an address matches. Set the adapter's option 'address', name the proxies in 'trustProxy', or use guard() in front of the server.",
  );
}

/** Returns the result of the application's function for an address; `undefined` if it does not know, or fails, which is reported. */
export function askAddress(
  { options: { logger } }: GateInternals,
  ask: () => unknown,
  subject: string,
): string | undefined {
  try {
    const address = ask() ?? undefined;
    if (address === undefined || typeof address === "string") return address;
    // Nothing here can wait for a promise, and one that rejects must not end the process.
    if (address instanceof Promise) address.catch(() => {});
    logger.error(`${subject} returned ${kindOf(address)} instead of a string, and is ignored.`);
  } catch (error) {
    logger.error(`${subject} failed, and is ignored: ${messageOf(error)}`);
  }
  return undefined;
}

function noteIgnored(gate: GateInternals, source: AddressSource): void {
  const { trustProxy, logger } = gate.options;
  const { peer } = source;
  if (trustProxy.kind === "hops") return;
  if (trustProxy.kind === "addresses" && peer !== undefined && trustProxy.matcher.match(peer)) return;
  const name = trustProxy.kind === "none" ? "x-forwarded-for" : trustProxy.header;
  if (source.header(name) === undefined) return;
  const known = ignored.get(gate) ?? new Set();
  if (known.size === 0) {
    const who = peer === undefined ? "an unknown peer" : formatAddress(peer);
    logger.warn(
      `The header '${name}' from ${who} is ignored. If that is your proxy, name it in the option 'trustProxy'.`,
    );
  }
  ignored.set(gate, known.add(peer === undefined ? "" : formatAddress(peer)));
}
