import type { Command } from "commander";
import type { Outcome } from "../../control/apply/apply-command.ts";
import { knownSites, requireKnown } from "../../control/apply/known-sites.ts";
import { exemptionWarnings, newExemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { waysIn, waysOfRecord } from "../../control/views/ways-in.ts";
import { MaintenanceError } from "../../errors.ts";
import { formatAddressRange } from "../../rules/addresses/format.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import { formatList } from "../../text/list.ts";
import { plain } from "../../text/quote.ts";
import { collect } from "../input/closure-options.ts";
import { addChangeOptions, addExamples } from "../input/definition.ts";
import { formatTable } from "../output/format-table.ts";
import { type ChangeOptions, changeProject } from "../project/change-project.ts";
import { type Project, withProject } from "../project/project.ts";
import { recordNow } from "../project/read-state.ts";
import type { Perform, Report, Session } from "../session.ts";

const SITE = ["--site <id>", "the site; default: *, for all sites"] as const;

export function define(program: Command, perform: Perform): void {
  const exempt = program
    .command("exempt")
    .helpCommand(false)
    .description("Lists, adds and removes exemptions: who gets in although a site is closed.");
  addExamples(exempt, [
    ["exempt list", "see every exemption"],
    ["exempt add --ip 10.0.0.0/8 --description office", "let the office in, whichever site is closed"],
    ["exempt remove --ip 10.0.0.0/8", "remove it"],
  ]);

  const list = exempt
    .command("list")
    .description("Lists exemptions, with the place where each is set.")
    .option(...SITE);
  list.action((options: ExemptOptions) => perform(list, (session) => listExemptions(session, options.site)));
  addExamples(list, [["exempt list --site shop", "those that apply to the shop"]]);

  const add = addChangeOptions(
    exempt
      .command("add")
      .description("Adds exemptions, which last until they are removed or, with --until-open, until the site opens.")
      .option(...SITE)
      .option("--ip <range>", "an address or a range, such as 10.0.0.0/8; repeatable", collect)
      .option("--path <pattern>", "a path, such as /health or /hooks/*; repeatable", collect)
      .option("--description <text>", "the purpose, shown in lists")
      .option("--until-open", "they end when the site opens; it must be closed now"),
  );
  add.action((options: ExemptOptions) => perform(add, (session) => addExemptions(session, options)));
  addExamples(add, [
    ["exempt add --ip 10.0.0.0/8 --description office", "an address range, for every site"],
    ["exempt add --site shop --path '/hooks/*'", "the webhooks of payment providers"],
    ["exempt add --site shop --ip 10.0.0.42 --until-open", "one address, for this closure of the shop"],
  ]);

  const remove = addChangeOptions(
    exempt
      .command("remove")
      .description("Removes exemptions. Name each as it was added.")
      .option(...SITE)
      .option("--ip <range>", "as it was added; repeatable", collect)
      .option("--path <pattern>", "as it was added; repeatable", collect),
  );
  remove.action((options: ExemptOptions) => perform(remove, (session) => removeExemptions(session, options)));
  addExamples(remove, [["exempt remove --site shop --path '/hooks/*'", "as it was added"]]);
}

interface ExemptOptions extends ChangeOptions {
  readonly site?: string;
  readonly ip?: readonly string[];
  readonly path?: readonly string[];
  readonly description?: string;
  readonly untilOpen?: boolean;
}

/** Lists the exemptions that apply to one site, or all of them. Links have a list of their own. */
async function listExemptions(session: Session, site: string | undefined): Promise<Report> {
  return await withProject(session, async (project) => {
    const { controller, options } = project;
    const { now } = session.time;
    const state = await controller.state();
    if (site !== undefined)
      requireKnown(site, knownSites(state, new Set([...options.sites.keys(), ...options.groups])));
    const ids = site === undefined ? state.records.keys() : [site, ...options.groups, ALL_SITES];
    const records = [...new Set(ids)].map((id) => recordNow(state, id, now));
    const ways = [
      ...waysIn(openRecord(ALL_SITES), [], options),
      ...records.flatMap((record) => waysOfRecord(record, now)),
    ].filter(({ kind }) => kind !== "link" && kind !== "surface");
    for (const warning of exemptionWarnings(ways, project.addressSources)) session.warn(warning);
    const rows = ways.map(({ kind, rule, source, description }) => {
      const shown = kind === "user" && rule === "function" ? "those that the configuration's function lets in" : rule;
      return [kind, kind === "address" ? formatAddressRange(shown) : shown, source, plain(description)];
    });
    const head = ["Kind", "Rule", "Where it is set", "For"].map(session.style.faint);
    const none = `Nothing is exempt. To let an address in: ${session.program} exempt add --ip ADDRESS`;
    return { json: { exemptions: ways }, text: rows.length === 0 ? none : formatTable(head, rows) };
  });
}

async function addExemptions(session: Session, options: ExemptOptions): Promise<Report> {
  const { ip = [], path = [], description = "", site = ALL_SITES, untilOpen } = options;
  requireAny(options);
  const command = { type: "add-exemptions", site, untilOpen } as const;
  const end = untilOpen === true ? ", until it opens" : "";
  const exempt = {
    addresses: ip.map((range) => ({ range, description })),
    paths: path.map((pattern) => ({ pattern, description })),
  };
  const warnings = (outcomes: readonly Outcome[], { addressSources }: Project) =>
    newExemptionWarnings(outcomes, addressSources, session.time.now);
  return await changeProject(
    session,
    "exempt add",
    { ...command, ...exempt },
    { ...options, warnings },
    ({ effect }) =>
      effect === "unchanged"
        ? `Already let in ${whenever(site)}: ${named(options)}. Nothing changed.`
        : `Let in from now on ${whenever(site)}${end}: ${named(options)}.`,
  );
}

async function removeExemptions(session: Session, options: ExemptOptions): Promise<Report> {
  const { ip: addresses, path: paths, site = ALL_SITES } = options;
  requireAny(options);
  return await changeProject(
    session,
    "exempt remove",
    { type: "remove-exemptions", site, addresses, paths },
    options,
    () => `No longer let in ${whenever(site)}: ${named(options)}.`,
  );
}

function requireAny({ ip = [], path = [] }: ExemptOptions): void {
  if (ip.length + path.length > 0) return;
  throw new MaintenanceError("ERR_INVALID_COMMAND", "No exemption is named.", {
    hint: "Name one with --ip ADDRESS or --path PATTERN.",
  });
}

function whenever(site: string): string {
  return site === ALL_SITES ? "whatever is closed" : `while ${site} is closed`;
}

function named({ ip = [], path = [] }: ExemptOptions): string {
  return formatList([...ip, ...path]);
}
