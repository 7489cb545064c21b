import { findAddress } from "../adapters/shared/find-address.ts";
import type { GateInternals } from "../gate/internals.ts";
import { forwardedProtocol } from "../rules/addresses/client-address.ts";
import { formatAddress } from "../rules/addresses/format.ts";
import type { AdminRequest } from "./access/access.ts";

/** What the server knows of a request besides. */
export interface RequestInfo {
  /** The address that is connected. */
  readonly address?: string | undefined;
  /** The framework's own request, for `clientAddress` and `authorize`. Default: the one that is handled. */
  readonly request?: object | undefined;
}

/** The request with what is known of its client, through the proxies that the gate trusts. */
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

/** Headers that a proxy adds: behind one, the peer is the proxy, and says nothing of where the client is. */
const FORWARDING: readonly string[] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** As a socket writes it: not what a client sent. */
function isLoopback(peer: string): boolean {
  return /^(?:(?:::ffff:)?127\.|::1$)/.test(peer);
}
