/** The answer to write, independent of the framework. Adapters write it as it is, and add nothing. */
export interface ResponsePlan {
  readonly status: number;
  /** Name, value, name, value …, as `response.writeHead(status, headers)` of `node:http` takes them. No name occurs twice. */
  readonly headers: readonly string[];
  /** `null` for a HEAD request and for answers without a body. */
  readonly body: string | null;
  /** The connection is to be closed after the answer: this process lets nothing in any more. */
  readonly closes?: true;
}

/** The encoding in which a body is written. Node writes `latin1` fastest: each character is one byte. */
export type BodyEncoding = "utf8" | "latin1";

/** Returns the headers of a plan as pairs. */
export function headerPairs(headers: ResponsePlan["headers"]): readonly (readonly [name: string, value: string])[] {
  return Array.from({ length: headers.length / 2 }, (_, pair) => [
    headers[2 * pair] ?? "",
    headers[2 * pair + 1] ?? "",
  ]);
}

/** Returns the `Content-Length` of a body (RFC 9110 section 8.6), in bytes. */
export function lengthOf(body: string): readonly [name: string, value: string] {
  return ["Content-Length", String(new TextEncoder().encode(body).length)];
}

/** Returns `plan` with another body. Its policy allows what the first body contains, by hash, and nothing of the other one. */
export function withBody({ headers, ...plan }: ResponsePlan, body: string, isHead: boolean): ResponsePlan {
  const kept = headerPairs(headers).filter(([name]) => name !== "Content-Length" && name !== "Content-Security-Policy");
  return { ...plan, headers: [...kept.flat(), ...lengthOf(body)], body: isHead ? null : body };
}

/** The form of the answer to a blocked request. */
export type AnswerType = "html" | "json" | "text";
