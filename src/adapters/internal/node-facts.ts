import type { IncomingMessage } from "node:http";
import type { Operation, UserFacts } from "../../engine/request-facts.ts";
import { clientAddress, type TrustProxy } from "../../rules/client-address.ts";
import type { AskableFacts } from "./askable-facts.ts";

/** A request of `node:http`, `node:https` or the compatibility API of `node:http2`, as deciding reads it. */
export class NodeFacts implements AskableFacts {
  readonly target: string;
  readonly route: undefined;
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  readonly #request: IncomingMessage;
  readonly #trust: TrustProxy;
  #address: string | null | undefined = null;

  /** `target` as received: frameworks rewrite `request.url` below a mounted prefix. */
  constructor(request: IncomingMessage, target: string, trust: TrustProxy) {
    this.target = target;
    this.#request = request;
    this.#trust = trust;
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
      const peer = this.#request.socket.remoteAddress;
      this.#address = clientAddress(peer, (name) => this.header(name), this.#trust);
    }
    return this.#address;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }
}
