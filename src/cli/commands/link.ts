import type { Command } from "commander";
import { addChangeOptions } from "../input/change-options.ts";
import type { NewLinkOptions, RevokeOptions } from "../manage-links.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineLink(program: Command, perform: Perform): void {
  const link = program
    .command("link")
    .helpCommand(false)
    .description("Makes, shows and revokes bypass links, which let in whoever holds one.");
  addExamples(link, [
    ['link create --label "QA" --expires 2h --site shop', "a way into the shop for two hours"],
    ["link list", "see every link"],
    ["link revoke 3kT9_xQa", "take one away, by its id"],
  ]);

  const create = link
    .command("create")
    .description("Makes a link and prints it, this once: only a hash of it is stored.")
    .requiredOption("--label <text>", "for whom or what it is; it names the link in lists and in the history")
    .option("--expires <when>", "its end: 2h, 22:00, 'tomorrow 03:00 Europe/Berlin'; left out, or never: until revoked")
    .option("--until-open", "it ends when the site opens, which has to be closed now")
    .option("--site <id>", "which it opens; left out: *, every site")
    .option("--reason <text>", "why, for the history");
  create.action((options: NewLinkOptions) =>
    perform(create, async (session) => (await import("../manage-links.ts")).createLink(session, options)),
  );
  addExamples(create, [
    ['link create --label "QA" --expires 2h --site shop', "for one site, for two hours"],
    ['link create --label "Customer" --expires "monday 06:00"', "for every site, until Monday"],
    ['link create --label "QA" --site shop --until-open', "for this closure of the shop"],
  ]);

  const list = link
    .command("list")
    .description("Lists links, without what would let somebody in.")
    .argument("[site...]", "ids: those that open one of these; left out: all");
  list.action((sites: readonly string[]) =>
    perform(list, async (session) => (await import("../manage-links.ts")).listLinks(session, sites)),
  );
  addExamples(list, [
    ["link list", "every link"],
    ["link list shop", "those that open the shop"],
  ]);

  const revoke = addChangeOptions(
    link
      .command("revoke")
      .description("Takes links away, and every cookie for which they were swapped.")
      .argument("[id...]", "as `link list` shows them")
      .option("--all", "all of them instead; with --site all of that site")
      .option("--site <id>", "only of this site; left out: wherever they are"),
    // An id may begin with a hyphen. A misspelt option is then a link that is not there, and refused as such.
  ).allowUnknownOption();
  revoke.action((ids: readonly string[], options: RevokeOptions) =>
    perform(revoke, async (session) => (await import("../manage-links.ts")).revokeLinks(session, ids, options)),
  );
  addExamples(revoke, [
    ["link revoke 3kT9_xQa", "one, by its id"],
    ["link revoke --all --site shop", "all of the shop"],
  ]);
}
