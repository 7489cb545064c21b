import type { Command } from "commander";
import { addExamples } from "../input/definition.ts";
import { describeFleet } from "../output/fleet-table.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const fleet = program
    .command("fleet")
    .helpCommand(false)
    .description("Lists the processes that follow the state, with what each has applied and when it was last heard.");
  fleet.action(() => perform(fleet, listProcesses));
  addExamples(fleet, [
    ["fleet", "see every process"],
    ["fleet forget 3f2a91c0", "remove one that is known to be dead"],
  ]);

  const forget = fleet
    .command("forget")
    .description("Removes a process that is known to be dead. One that is alive after all joins again, with a new id.")
    .argument("<id>", "its id, or the beginning of it")
    .option("--anyway", "also if it was heard a moment ago");
  forget.action((id: string, { anyway = false }: { readonly anyway?: boolean }) =>
    perform(forget, (session) => forgetProcess(session, id, anyway)),
  );
  addExamples(forget, [["fleet forget 3f2a91c0", "its machine was switched off"]]);
}

async function listProcesses(session: Session): Promise<Report> {
  return await withProject(session, async ({ controller, fleet }) => {
    const [effect, { name: store }] = [await fleet.look(), await controller.store()];
    const lines = describeFleet(effect, { store, program: session.program }, session.style);
    return { json: { store, fleet: effect }, text: lines.join("\n") };
  });
}

async function forgetProcess(session: Session, id: string, anyway: boolean): Promise<Report> {
  return await withProject(session, async ({ fleet }) => {
    const forgotten = await fleet.forget(id, { anyway });
    const { label, host, pid } = forgotten;
    const who = host === null ? label : `${label} (${host}, pid ${pid})`;
    return {
      json: { command: "fleet forget", forgotten },
      text: `${who} is no longer in the list. If it is alive after all, it joins again with a new id.`,
    };
  });
}
