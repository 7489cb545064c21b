import type { Explanation } from "../../../src/admin/schema/responses.ts";
import { t } from "../language/current.ts";

/** `Blocked: the site is closed and no exemption applies.` */
export function decisionWords(decision: Explanation["decision"]): string {
  const { allowed, blocked, depends, reasons } = t().explain;
  if (decision.outcome === "defer") return depends[decision.needs];
  if (decision.outcome !== "block") return allowed(reasons[decision.reason]);
  const { reason, mode } = decision;
  return blocked(reasons[reason === "mode" && mode === "read-only" ? mode : reason]);
}
