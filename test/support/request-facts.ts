import type { RequestFacts } from "../../src/engine/decide/request-facts.ts";

export interface TestRequest extends Partial<Omit<RequestFacts, "header">> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the facts of a `GET /` from an unknown address, overridden by `given`. */
export function requestFacts({ headers = {}, ...given }: TestRequest = {}): RequestFacts {
  return {
    method: "GET",
    host: "app.example",
    otherHosts: [],
    target: "/",
    address: undefined,
    user: undefined,
    operation: undefined,
    route: undefined,
    header: (name) => headers[name],
    ...given,
  };
}
