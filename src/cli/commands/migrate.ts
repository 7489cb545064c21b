import type { Command } from "commander";
import { MaintenanceError } from "../../errors.ts";
import { unknownStep } from "../../stores/sql/engine.ts";
import type { StoreMigrations } from "../../stores/store.ts";
import { addExamples } from "../input/definition.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("migrate")
    .description("Creates or updates the tables that the configured store needs.")
    .option("--print", "prints the SQL without running it")
    .option(
      "--to <step>",
      "migrates up or down to this step, as `migrate --dry-run` lists it; `none` reverts all steps",
    )
    .option("--dry-run", "shows what would be done, and does nothing");
  command.action((options: MigrateOptions) => perform(command, (session) => migrateStore(session, options)));
  addExamples(command, [
    ["migrate --print", "see the SQL first"],
    ["migrate", "in a deploy script; several processes may run it at once"],
    ["migrate --dry-run", "see which steps there are"],
  ]);
}

interface MigrateOptions {
  readonly print?: boolean;
  readonly to?: string;
  readonly dryRun?: boolean;
}

async function migrateStore(session: Session, { print, to, dryRun = false }: MigrateOptions): Promise<Report> {
  return await withProject(session, async ({ controller }) => {
    const { name, migrations } = await controller.store();
    if (migrations === undefined) return { json: { store: name, steps: [] }, text: `${name} needs no migrations.` };
    if (print === true) {
      const sql = await migrations.print(to);
      return { json: { store: name, sql }, text: sql };
    }
    return dryRun ? await rehearse(name, migrations, to) : await migrate(name, migrations, to);
  });
}

async function migrate(store: string, migrations: StoreMigrations, to: string | undefined): Promise<Report> {
  const steps = await migrations.migrate(to);
  const lines = steps.map(({ name, direction }) => `${direction === "up" ? "Done" : "Reverted"}: ${name}`);
  return {
    json: { store, steps },
    text: [...lines, `${store} is up to date${to === undefined ? "" : ` with ${to}`}.`].join("\n"),
  };
}

async function rehearse(store: string, migrations: StoreMigrations, to: string | undefined): Promise<Report> {
  const steps = await migrations.list();
  const later = steps.find(({ unknown }) => unknown);
  if (later !== undefined) throw unknownStep(later.name);
  const end = to === undefined ? steps.length : to === "none" ? 0 : steps.findIndex(({ name }) => name === to) + 1;
  if (to !== undefined && to !== "none" && end === 0) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", `There is no step '${to}'.`, {
      hint: `The steps are: ${steps.map(({ name }) => name).join(", ")}, none.`,
    });
  }
  const planned = steps.flatMap(({ name, applied }, index) =>
    applied === index < end ? [] : [{ name, direction: applied ? ("down" as const) : ("up" as const) }],
  );
  const lines = steps.map(({ name, applied }) => {
    const step = planned.find((candidate) => candidate.name === name);
    return `${name}: ${step === undefined ? (applied ? "done" : "left out") : step.direction === "up" ? "would be done" : "would be reverted"}`;
  });
  return {
    json: { store, dryRun: true, steps: planned },
    text: ["Dry run: nothing was changed.", ...lines].join("\n"),
  };
}
