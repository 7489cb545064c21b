import type { RequestFacts } from "../../src/engine/decide/request-facts.ts";

export interface TestRequest extends Partial<Omit<RequestFacts, "header">> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request for `GET /` from nowhere, but for what is given. */
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
