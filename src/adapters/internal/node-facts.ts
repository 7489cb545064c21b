import type { IncomingMessage } from "node:http";
import type { Operation, RouteMark, UserFacts } from "../../engine/request-facts.ts";
import type { Gate } from "../../gate.ts";
import type { AskableFacts } from "./askable-facts.ts";
import { findAddress } from "./find-address.ts";

/** A request of `node:http`, `node:https` or the compatibility API of `node:http2`, as deciding reads it. */
export class NodeFacts implements AskableFacts {
  readonly target: string;
  route: RouteMark | undefined;
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  readonly #request: IncomingMessage;
  readonly #gate: Gate;
  #address: string | null | undefined = null;

  /** `target` as received: frameworks rewrite `request.url` below a mounted prefix. */
  constructor(request: IncomingMessage, target: string, gate: Gate) {
    this.target = target;
    this.#request = request;
    this.#gate = gate;
  }

  get method(): string {
    return this.#request.method ?? "GET";
  }

  /** `:authority` takes the place of `Host` in HTTP/2 (RFC 9113 section 8.3.1). */
  get host(): string | undefined {
    return this.header(":authority") ?? this.header("host");
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
