/** The answer to write, independent of the framework. Adapters write it as it is, and add nothing. */
export interface ResponsePlan {
  readonly status: number;
  /** Name, value, name, value …, as `response.writeHead(status, headers)` of `node:http` takes them. */
  readonly headers: readonly string[];
  /** `null` for a HEAD request and for answers without a body. */
  readonly body: string | null;
}

/** The form of the answer to a blocked request. */
export type AnswerType = "html" | "json" | "text";
