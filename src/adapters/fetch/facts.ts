import type { Operation, RouteMark, UserFacts } from "../../engine/decide/request-facts.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { furtherHosts } from "../../rules/hosts/host.ts";
import type { AdapterFacts } from "../shared/decide-by-asking.ts";
import { findAddress } from "../shared/find-address.ts";

/** The facts of a `Request`, from the URL that the handler sees too. */
export class FetchFacts implements AdapterFacts {
  readonly target: string;
  readonly host: string;
  readonly otherHosts: readonly string[];
  processed: false | undefined;
  route: RouteMark | undefined;
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  readonly #request: Request;
  readonly #peer: string | undefined;
  readonly #gate: GateInternals;
  #address: string | null | undefined = null;

  /** `peer` is the remote address of the connection, if the platform reports it. */
  constructor(request: Request, peer: string | undefined, gate: GateInternals) {
    const { url } = request;
    const start = url.indexOf("://") + 3;
    const slash = url.indexOf("/", start);
    this.#request = request;
    this.#peer = peer;
    this.#gate = gate;
    this.target = slash === -1 ? "/" : url.slice(slash);
    this.host = url.slice(start, slash === -1 ? undefined : slash);
    const header = this.header("host");
    const others = furtherHosts(this.target, this.header("x-forwarded-host"));
    this.otherHosts = header === undefined || header === this.host ? others : [header, ...others];
  }

  get address(): string | undefined {
    if (this.#address === null) {
      const header = (name: string): string | undefined => this.header(name);
      this.#address = findAddress(this.#gate, { request: this.#request, peer: this.#peer, header });
    }
    return this.#address;
  }

  get request(): Request {
    return this.#request;
  }

  get method(): string {
    return this.#request.method;
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
}
