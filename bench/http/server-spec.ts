import type { Answer } from "./answer.ts";
import type { Rule } from "./gate-with-rules.ts";

/** Where a gate is: not at all, in front of the framework with `guard`, or inside it as middleware. */
export type GatePlace = "none" | "in front" | "inside";

/** Middleware that people use without this package, as the first of an Express app. */
export const PEERS = [
  "a flag in memory",
  "fs.existsSync of a flag file",
  "fs.promises.access of a flag file",
  "express-rate-limit",
] as const;
export type Peer = (typeof PEERS)[number];

/** The answer of a server without a gate: always the same, or one for each host. */
export type Written = Answer | { readonly byHost: Readonly<Record<string, Answer>> };

/** The program of a server process: plain data, since it is sent to the process. */
export type ServerSpec =
  | {
      readonly app: "same bytes";
      readonly by: "node" | "express";
      /** For each port, its only answer or those of each host. */
      readonly answers: readonly Written[];
    }
  | {
      readonly app: "gate";
      readonly by: "node" | "express" | "fastify" | "koa";
      readonly gate: GatePlace;
      /** `null` for an open site. */
      readonly closedWith: readonly Rule[] | null;
    }
  | {
      readonly app: "peer";
      readonly peer: Peer;
      /** The answer while closed; `null` for an open site. */
      readonly closedBy: Answer | null;
    };
