import type { Identified } from "../access/access.ts";
import { type ProblemOptions, RefusedRequest } from "./problem.ts";

/** A refusal of whoever was not let in. */
export function refusalOf(
  { error, status, headers }: Extract<Identified, { outcome: "refused" }>,
  besides: ProblemOptions["besides"] = {},
): RefusedRequest {
  return new RefusedRequest(error, { status, headers, besides, isTold: true });
}
