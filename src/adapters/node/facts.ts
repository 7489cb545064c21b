import type { IncomingMessage } from "node:http";
import type { Operation, RouteMark, UserFacts } from "../../engine/decide/request-facts.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { furtherHosts, hasSeveralHosts, hostInTarget } from "../../rules/hosts/host.ts";
import type { AdapterFacts } from "../shared/decide-by-asking.ts";
import { findAddress } from "../shared/find-address.ts";

/** Replaces two `Host` lines, of which Node keeps the first and others the last. It is not a valid host, so it may be any. */
const SEVERAL_HOSTS = ",";

/**
 * Returns the host of a request: from its target (RFC 9112 section 3.2.2), else from `:authority` (RFC 9113 section 8.3.1), else from
 * `Host`. `target` must be as received.
 */
export function hostOfRequest({ headers }: IncomingMessage, target: string): string | undefined {
  const authority = headers[":authority"];
  return hostInTarget(target) ?? (typeof authority === "string" ? authority : headers.host);
}

/** The facts of a request of `node:http`, `node:https` or the compatibility API of `node:http2`. */
export class NodeFacts implements AdapterFacts {
  readonly target: string;
  processed: false | undefined;
  route: RouteMark | undefined;
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  readonly #request: IncomingMessage;
  readonly #gate: GateInternals;
  #address: string | null | undefined = null;

  /** `target` must be as received: frameworks rewrite `request.url` below a mounted prefix. */
  constructor(request: IncomingMessage, target: string, gate: GateInternals) {
    this.target = target;
    this.#request = request;
    this.#gate = gate;
  }

  get request(): IncomingMessage {
    return this.#request;
  }

  // Read again for each decision: middleware may have changed them since an undecided request was passed on.
  get method(): string {
    return this.#request.method ?? "GET";
  }

  get host(): string | undefined {
    return hostOfRequest(this.#request, this.target);
  }

  get otherHosts(): readonly string[] {
    const { headers, rawHeaders } = this.#request;
    const { host } = this;
    const others = furtherHosts(this.target, this.header("x-forwarded-host"));
    const line = hasSeveralHosts(rawHeaders) ? SEVERAL_HOSTS : headers.host;
    // The target may contain another host: in HTTP/2, paths of schemes other than `http` and `https` need not begin with a slash.
    const authority = this.header(":authority");
    const isNamedOnce = (line ?? host) === host && (authority ?? host) === host;
    if (others.length === 0 && isNamedOnce) return others;
    const named = [authority, line, ...others].filter((other) => other !== undefined);
    return named.filter((other) => other !== host);
  }

  get address(): string | undefined {
    if (this.#address === null) {
      const request = this.#request;
      const peer = request.socket.remoteAddress;
      this.#address = findAddress(this.#gate, { request, peer, header: (name) => this.header(name) });
    }
    return this.#address;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }
}
