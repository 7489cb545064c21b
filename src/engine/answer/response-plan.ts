/** What to write, framework-free. Adapters copy it out; they add nothing and leave nothing away. */
export interface ResponsePlan {
  readonly status: number;
  /** Name, value, name, value …: what `response.writeHead(status, headers)` of `node:http` takes as it is. */
  readonly headers: readonly string[];
  /** `null` for a HEAD request and for answers without a body. */
  readonly body: string | null;
}

/** In which form the blocked are told. */
export type AnswerType = "html" | "json" | "text";
