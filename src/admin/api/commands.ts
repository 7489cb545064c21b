import { validateCommand } from "../../control/apply/validate-command.ts";
import { MaintenanceError } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { RefusedRequest, statusOf } from "../http/problem.ts";
import { commandResultSchema } from "../schema/remote-answers.ts";
import { commandsBody } from "../schema/remote-requests.ts";
import { visibleCommandResult } from "../views/visible-record.ts";
import { change } from "./change.ts";
import { firstRight, neededRights } from "./command-rights.ts";
import { requireAllowedSize } from "./limited-request.ts";
import { defineRoute, type Route, requireRight } from "./route.ts";

/** Adds the position in the body to an error about the command. */
async function placed<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MaintenanceError) || statusOf(error) !== 422) throw error;
    throw new RefusedRequest(error, { errors: [{ pointer: "/command", message: error.message }] });
  }
}

export const COMMAND_ROUTES: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "commands",
    operation: "sendCommand",
    summary:
      "Carries out a command, or with `dryRun` says what it would do. Needs the right of the command on every site that it names; links and tokens have routes of their own.",
    right: "known",
    body: commandsBody,
    answer: { status: 200, schema: commandResultSchema },
    problems: [409, 503],
    logged: ({ body: { command } }) => {
      return { operation: command.type, sites: [...new Set(firstRight(command).sites)] };
    },
    async handle(call) {
      const { admin, principal } = call;
      const { command, dryRun } = call.body;
      await loadLinearRegExp();
      const first = firstRight(command);
      requireRight(principal, first.right, first.sites);
      if (!principal.may(first.right, ALL_SITES)) requireAllowedSize(admin, command, first.sites);
      const result = await placed(async () => {
        const valid = validateCommand(command);
        const needed = neededRights(valid);
        for (const { right, sites } of needed) requireRight(principal, right, sites);
        const limited = needed.some(({ right }) => !principal.may(right, ALL_SITES));
        return await change({ ...call, authority: { limited } }, valid, { dryRun });
      });
      return { status: 200, body: visibleCommandResult(principal, result) };
    },
  }),
];
