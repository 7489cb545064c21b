import { MaintenanceError } from "../../errors.ts";
import type { BarrierDetails, BarrierTarget } from "../../fleet/barrier.ts";
import { formatInstant } from "../../state/instant.ts";
import type { CommandResult } from "../controller.ts";
import type { BarrierEnvironment } from "./environment.ts";
import type { BarrierPlan } from "./plan.ts";

/** Returns the sites that the command closes. Throws `ERR_INVALID_COMMAND` if it closes none. */
export function targetsOf({ outcomes }: CommandResult): readonly BarrierTarget[] {
  const targets = outcomes.flatMap(({ site, after }): readonly BarrierTarget[] =>
    after === null ? [] : [{ site, mode: after.mode, paths: after.paths, version: null }],
  );
  if (targets.length > 0) return targets;
  throw new MaintenanceError("ERR_INVALID_COMMAND", "There is no known site to close.", {
    hint: "Name a site that exists, or leave the sites out for everything.",
  });
}

export function firstDetails(
  { proves, isHold, label, wait }: BarrierPlan,
  targets: readonly BarrierTarget[],
  { process, clock }: BarrierEnvironment,
): BarrierDetails {
  return {
    phase: proves ? "arming" : "closing",
    isHold,
    targets,
    holder: { process, label, since: formatInstant(clock.now()) },
    keepsUsers: wait.keepsUsers,
    ...(wait.streams === "wait" ? {} : { streams: wait.streams }),
    ...(wait.sockets === "wait" ? {} : { sockets: wait.sockets }),
    ...(wait.cutAfter === null ? {} : { cutAfter: wait.cutAfter }),
  };
}
