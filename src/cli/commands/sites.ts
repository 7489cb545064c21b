import type { Command } from "commander";
import { requireKnown } from "../../control/apply/known-sites.ts";
import { recordView } from "../../control/views/record-view.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import { formatList } from "../../text/list.ts";
import { plain } from "../../text/quote.ts";
import { siteSubject } from "../../text/site-name.ts";
import { collect } from "../input/closure-options.ts";
import { addChangeOptions, addExamples } from "../input/definition.ts";
import { describeChange } from "../output/describe-change.ts";
import { formatTable } from "../output/format-table.ts";
import { type ChangeOptions, changeProject } from "../project/change-project.ts";
import { withProject } from "../project/project.ts";
import { hostsBySite, recordNow } from "../project/read-state.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const sites = program.command("sites").helpCommand(false).description("Shows, adds and removes sites.");
  addExamples(sites, [
    ["sites list", "see every site and its hosts"],
    ["sites add shop --host shop.example --host '*.shop.example'", "add a site"],
    ["sites remove shop", "remove it again"],
  ]);

  const list = sites.command("list").description("Lists every known site, with its hosts.");
  list.action(() => perform(list, (session) => listSites(session)));
  addExamples(list, [["sites list --json", "for a program"]]);

  const show = sites.command("show").description("Shows everything about one site.").argument("<id>", "its id");
  show.action((id: string) => perform(show, (session) => showSite(session, id)));
  addExamples(show, [["sites show shop", "see its hosts, exemptions, message and last change"]]);

  const add = addChangeOptions(
    sites
      .command("add")
      .description("Adds a site that the configuration does not name.")
      .argument("<id>", "lower-case letters, digits, '.', '_', '-'")
      .option(
        "--host <name>",
        "one of its hosts, such as shop.example or *.shop.example; repeatable; without hosts it is a group",
        collect,
      ),
  );
  add.action((id: string, options: ChangeOptions & { readonly host?: readonly string[] }) =>
    perform(add, (session) => addSite(session, id, options.host, options)),
  );
  addExamples(add, [
    ["sites add shop --host shop.example --host '*.shop.example'", "a site with two hosts"],
    ["sites add payments-db", "a group, such as a database that several sites use"],
  ]);

  const remove = addChangeOptions(
    sites.command("remove").description("Removes a site that was added.").argument("<id>", "its id"),
  );
  remove.action((id: string, options: ChangeOptions) => perform(remove, (session) => removeSite(session, id, options)));
  addExamples(remove, [["sites remove shop", "remove it; if it is closed, its visitors get in again"]]);
}

async function listSites(session: Session): Promise<Report> {
  return await withProject(session, async (project) => {
    const { controller, options } = project;
    const known = hostsBySite(await controller.state(), options);
    const configured = (id: string): boolean => options.sites.has(id) || options.groups.includes(id);
    const sites = [...known].map(([id, hosts]) => ({ id, hosts, configured: configured(id) }));
    const rows = sites.map(({ id, hosts, configured }) => {
      const what = hosts.join(", ") || (id === ALL_SITES ? "every host" : "none: a group");
      return [id, id === ALL_SITES ? "always there" : configured ? "the configuration" : "sites add", what];
    });
    return { json: { sites }, text: formatTable(["Site", "Known by", "Hosts"].map(session.style.faint), rows) };
  });
}

async function showSite(session: Session, id: string): Promise<Report> {
  return await withProject(session, async (project) => {
    const state = await project.controller.state();
    const known = hostsBySite(state, project.options);
    requireKnown(id, new Set(known.keys()));
    const record: SiteRecord = { ...recordNow(state, id, session.time.now), hosts: known.get(id) ?? [] };
    const { version, changed } = record;
    const settings = describeChange(null, { ...record, mode: "open", until: null }, session.time.timeZone);
    const mode = isClosedAt(record, session.time.now) ? record.mode : "open";
    const end =
      mode === "open" || record.until === null ? "" : `, until ${formatTime(parseInstant(record.until), session.time)}`;
    return {
      json: { ...recordView(record), version, changed },
      text: [
        `${session.style.strong(siteSubject(id))}: ${session.style.mode(mode, mode)}${end}`,
        ...settings.map((line) => `  ${line.replace(/: .*? → /s, ": ")}`),
        changed === null
          ? "  never changed"
          : `  last changed: ${formatTime(parseInstant(changed.at), session.time)} by ${plain(changed.by.label)}`,
      ].join("\n"),
    };
  });
}

async function addSite(
  session: Session,
  site: string,
  hosts: readonly string[] | undefined,
  options: ChangeOptions,
): Promise<Report> {
  return await changeProject(session, "sites add", { type: "add-site", site, hosts }, options, ({ after }) => {
    const what = after === null || after.hosts.length === 0 ? "a group, without hosts" : formatList(after.hosts);
    return `${site} was added: ${what}. To close it: ${session.program} on ${site}`;
  });
}

async function removeSite(session: Session, site: string, options: ChangeOptions): Promise<Report> {
  return await changeProject(session, "sites remove", { type: "remove-site", site }, options, ({ before }) => {
    const closed = before !== null && isClosedAt(before, session.time.now);
    return `${site} was removed.${closed ? ` It was ${before.mode}: its hosts follow * now.` : ""}`;
  });
}
