import { MaintenanceError } from "../../errors.ts";

/** For callers without a type checker: `adapter` is given something that is no gate. Throws `ERR_INVALID_OPTION`. */
export function requireGate(adapter: string, gate: unknown): void {
  if (typeof gate === "object" && gate !== null && "settle" in gate && "snapshot" in gate) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${adapter}: '${String(gate)}' is not a gate.`, {
    hint: "Make one with createGate(options), and hand it over.",
  });
}
