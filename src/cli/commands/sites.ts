import type { Command } from "commander";
import { addChangeOptions } from "../input/change-options.ts";
import { collect } from "../input/closure-options.ts";
import { addExamples } from "../output/examples.ts";
import type { ChangeOptions } from "../project/change-project.ts";
import type { Perform } from "../session.ts";

export function defineSites(program: Command, perform: Perform): void {
  const sites = program.command("sites").helpCommand(false).description("Shows, adds and removes sites.");
  addExamples(sites, [
    ["sites list", "see every site and its hosts"],
    ["sites add shop --host shop.example --host '*.shop.example'", "make a site known"],
    ["sites remove shop", "forget it"],
  ]);

  const list = sites.command("list").description("Lists every site that is known, with its hosts.");
  list.action(() => perform(list, async (session) => (await import("../manage-sites.ts")).listSites(session)));
  addExamples(list, [["sites list --json", "for a program"]]);

  const show = sites
    .command("show")
    .description("Shows everything that is known of one site.")
    .argument("<id>", "its id");
  show.action((id: string) =>
    perform(show, async (session) => (await import("../manage-sites.ts")).showSite(session, id)),
  );
  addExamples(show, [["sites show shop", "see its hosts, exemptions, message and last change"]]);

  const add = addChangeOptions(
    sites
      .command("add")
      .description("Makes a site known that the configuration does not name.")
      .argument("<id>", "lower-case letters, digits, '.', '_', '-'")
      .option(
        "--host <name>",
        "a host of it, such as shop.example or *.shop.example; none: a group; repeatable",
        collect,
      ),
  );
  add.action((id: string, options: ChangeOptions & { readonly host?: readonly string[] }) =>
    perform(add, async (session) => (await import("../manage-sites.ts")).addSite(session, id, options.host, options)),
  );
  addExamples(add, [
    ["sites add shop --host shop.example --host '*.shop.example'", "a site with two hosts"],
    ["sites add payments-db", "a group, for what several sites depend on"],
  ]);

  const remove = addChangeOptions(
    sites.command("remove").description("Forgets a site that was added.").argument("<id>", "its id"),
  );
  remove.action((id: string, options: ChangeOptions) =>
    perform(remove, async (session) => (await import("../manage-sites.ts")).removeSite(session, id, options)),
  );
  addExamples(remove, [["sites remove shop", "forget it; were it closed, its visitors would get in again"]]);
}
