import { findAddress } from "../adapters/shared/find-address.ts";
import type { GateInternals } from "../gate/internals.ts";
import { forwardedProtocol } from "../rules/addresses/client-address.ts";
import { formatAddress } from "../rules/addresses/format.ts";
import type { AdminRequest } from "./access/access.ts";

/** Facts about a request that the `Request` does not contain. */
export interface RequestInfo {
  /** The remote address of the connection. */
  readonly address?: string | undefined;
  /** The framework's own request, for `clientAddress` and `authorize`. @default the `Request` itself */
  readonly request?: object | undefined;
}

/** Returns the request with the facts about its client, found with the proxies that the gate trusts. */
export function clientOf(
  gate: GateInternals,
  request: Request,
  { address: peer, request: own = request }: RequestInfo,
): AdminRequest {
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  const forwarded = forwardedProtocol(peer, header, gate.options.trustProxy);
  const address = findAddress(gate, { request: own, peer, header });
  return {
    request,
    address: address === undefined ? undefined : formatAddress(address),
    secure: forwarded === undefined ? request.url.startsWith("https:") : forwarded === "https",
    local: peer !== undefined && isLoopback(peer) && FORWARDING.every((name) => header(name) === undefined),
    original: own,
  };
}

/** Headers added by proxies: with one of them the peer is a proxy, and its address does not show where the client is. */
const FORWARDING: readonly string[] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Checks an address as the socket reports it, not one from a client. */
function isLoopback(peer: string): boolean {
  return /^(?:(?:::ffff:)?127\.|::1$)/.test(peer);
}
