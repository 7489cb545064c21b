import type { CommandResult } from "../../control/controller.ts";
import type { Effect } from "../../control/fleet/await-effect.ts";
import { describeEffect } from "../output/describe-effect.ts";
import type { Session } from "../session.ts";
import type { Project } from "./project.ts";

export interface ReportedEffect {
  readonly json: Effect | null;
  readonly lines: readonly string[];
}

/** The processes were not asked. */
export const NO_EFFECT: ReportedEffect = { json: null, lines: [] };

/** Waits at most three seconds for the processes that follow, and reports which have applied the change. */
export async function effectOfSwitch(
  { program }: Pick<Session, "program">,
  { controller, fleet }: Pick<Project, "controller" | "fleet">,
  result: CommandResult,
): Promise<ReportedEffect> {
  if (result.outcomes.every(({ effect }) => effect === "skipped")) return NO_EFFECT;
  const effect = await fleet.effectOf(result);
  const { name: store } = await controller.store();
  return { json: effect, lines: describeEffect(effect, { store, program }) };
}
