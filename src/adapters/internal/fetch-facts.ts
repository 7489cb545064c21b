import type { Operation, UserFacts } from "../../engine/request-facts.ts";
import { clientAddress, type TrustProxy } from "../../rules/client-address.ts";
import type { AskableFacts } from "./askable-facts.ts";

/** A `Request`, as deciding reads it: with the URL that the handler sees too. */
export class FetchFacts implements AskableFacts {
  readonly target: string;
  readonly host: string;
  readonly address: string | undefined;
  readonly route: undefined;
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  readonly #request: Request;

  /** `peer`: the address that is connected, where the platform tells it. */
  constructor(request: Request, peer: string | undefined, trust: TrustProxy) {
    const { url } = request;
    const start = url.indexOf("://") + 3;
    const slash = url.indexOf("/", start);
    this.#request = request;
    this.target = slash === -1 ? "/" : url.slice(slash);
    this.host = this.header("host") ?? url.slice(start, slash === -1 ? undefined : slash);
    this.address = clientAddress(peer, (name) => this.header(name), trust);
  }

  get method(): string {
    return this.#request.method;
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
}
