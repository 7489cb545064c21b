import type { Answer } from "./answer.ts";
import type { Rule } from "./rules.ts";

/** Where a gate is: not at all, in front of the framework with `guard`, or inside it as middleware. */
export type GatePlace = "none" | "in front" | "inside";

/** What a server process runs: plain data, so that it can be sent to the process. */
export type ServerSpec =
  | { readonly app: "same bytes"; readonly by: "node" | "express"; readonly answers: readonly Answer[] }
  | {
      readonly app: "node" | "express" | "fastify" | "koa";
      readonly gate: GatePlace;
      /** `null` for an open site. */
      readonly closedWith: readonly Rule[] | null;
    };
