import type { Command } from "commander";
import { addChangeOptions } from "../input/change-options.ts";
import { collect } from "../input/closure-options.ts";
import type { ExemptOptions } from "../manage-exemptions.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

const SITE = ["--site <id>", "of this site; left out: *, which counts for all"] as const;

export function defineExempt(program: Command, perform: Perform): void {
  const exempt = program
    .command("exempt")
    .helpCommand(false)
    .description("Shows and changes who gets in although a site is closed.");
  addExamples(exempt, [
    ["exempt list", "see every exemption"],
    ["exempt add --ip 10.0.0.0/8 --description office", "let the office in, whatever is closed"],
    ["exempt remove --ip 10.0.0.0/8", "and no longer"],
  ]);

  const list = exempt
    .command("list")
    .description("Lists exemptions, and where each stands.")
    .option(...SITE);
  list.action((options: ExemptOptions) =>
    perform(list, async (session) => (await import("../manage-exemptions.ts")).listExemptions(session, options.site)),
  );
  addExamples(list, [["exempt list --site shop", "those that count for the shop"]]);

  const add = addChangeOptions(
    exempt
      .command("add")
      .description("Adds exemptions, which last until they are removed or, with --until-open, until the site opens.")
      .option(...SITE)
      .option("--ip <range>", "an address or a range, such as 10.0.0.0/8; repeatable", collect)
      .option("--path <pattern>", "a path, such as /health or /hooks/*; repeatable", collect)
      .option("--description <text>", "what it is for")
      .option("--until-open", "they end when the site opens, which has to be closed now"),
  );
  add.action((options: ExemptOptions) =>
    perform(add, async (session) => (await import("../manage-exemptions.ts")).addExemptions(session, options)),
  );
  addExamples(add, [
    ["exempt add --ip 10.0.0.0/8 --description office", "an address range, for every site"],
    ["exempt add --site shop --path '/hooks/*'", "what payment providers call"],
    ["exempt add --site shop --ip 10.0.0.42 --until-open", "one address, for this closure of the shop"],
  ]);

  const remove = addChangeOptions(
    exempt
      .command("remove")
      .description("Removes exemptions, by what was added.")
      .option(...SITE)
      .option("--ip <range>", "as it was added; repeatable", collect)
      .option("--path <pattern>", "as it was added; repeatable", collect),
  );
  remove.action((options: ExemptOptions) =>
    perform(remove, async (session) => (await import("../manage-exemptions.ts")).removeExemptions(session, options)),
  );
  addExamples(remove, [["exempt remove --site shop --path '/hooks/*'", "as it was added"]]);
}
