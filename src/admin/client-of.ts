import { findAddress } from "../adapters/internal/find-address.ts";
import type { Gate } from "../gate.ts";
import type { AdminRequest } from "./access/access.ts";

/** What the server knows of a request besides. */
export interface RequestInfo {
  /** The address that is connected. */
  readonly address?: string | undefined;
  /** The framework's own request, for the configuration's `clientAddress`. Default: the one that is handled. */
  readonly request?: object | undefined;
}

/** The request with what is known of its client, through the proxies that the gate trusts. */
export function clientOf(
  gate: Gate,
  request: Request,
  { address: peer, request: own = request }: RequestInfo,
): AdminRequest {
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  const { trustProxy } = gate.options;
  const isTrusted =
    trustProxy.kind === "hops" ||
    (trustProxy.kind === "addresses" && peer !== undefined && trustProxy.matcher.match(peer));
  const forwarded = isTrusted ? header("x-forwarded-proto")?.split(",", 1)[0]?.trim().toLowerCase() : undefined;
  return {
    request,
    address: findAddress(gate, { request: own, peer, header }),
    secure: forwarded === undefined ? request.url.startsWith("https:") : forwarded === "https",
  };
}
