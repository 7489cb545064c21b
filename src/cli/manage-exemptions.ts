import type { Outcome } from "../control/apply/apply-command.ts";
import { knownSites, requireKnown } from "../control/apply/known-sites.ts";
import { waysIn, waysOfRecord } from "../control/views/ways-in.ts";
import { MaintenanceError } from "../errors.ts";
import { formatAddressRange } from "../rules/addresses/format.ts";
import { ALL_SITES, openRecord } from "../state/site-record.ts";
import { plain } from "../text/quote.ts";
import { listing } from "../text/site-name.ts";
import { newExemptionWarnings, standingWarnings } from "./output/exemption-warnings-of.ts";
import { formatTable } from "./output/format-table.ts";
import { recordNow } from "./output/record-now.ts";
import { type ChangeOptions, changeProject } from "./project/change-project.ts";
import { type Project, withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";

export interface ExemptOptions extends ChangeOptions {
  readonly site?: string;
  readonly ip?: readonly string[];
  readonly path?: readonly string[];
  readonly description?: string;
  readonly untilOpen?: boolean;
}

/** What `exempt list` does: for one site those that count for it, else all there are. Links have a list of their own. */
export async function listExemptions(session: Session, site: string | undefined): Promise<Report> {
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
    for (const warning of standingWarnings(ways, project)) session.warn(warning);
    const rows = ways.map(({ kind, rule, source, description }) => {
      const shown = kind === "user" && rule === "function" ? "those that the configuration's function lets in" : rule;
      return [kind, kind === "address" ? formatAddressRange(shown) : shown, source, plain(description)];
    });
    const head = ["Kind", "Rule", "Where it is set", "For"].map(session.style.faint);
    const none = `Nothing is exempt. To let an address in: ${session.program} exempt add --ip ADDRESS`;
    return { json: { exemptions: ways }, text: rows.length === 0 ? none : formatTable(head, rows) };
  });
}

/** What `exempt add` does. */
export async function addExemptions(session: Session, options: ExemptOptions): Promise<Report> {
  const { ip = [], path = [], description = "", site = ALL_SITES, untilOpen } = options;
  requireAny(options);
  const command = { type: "add-exemptions", site, untilOpen } as const;
  const end = untilOpen === true ? ", until it opens" : "";
  const exempt = {
    addresses: ip.map((range) => ({ range, description })),
    paths: path.map((pattern) => ({ pattern, description })),
  };
  const warnings = (outcomes: readonly Outcome[], project: Project) =>
    newExemptionWarnings(outcomes, project, session.time.now);
  return await changeProject(session, "exempt add", { ...command, exempt }, { ...options, warnings }, ({ effect }) =>
    effect === "unchanged"
      ? `Let in already ${whenever(site)}: ${named(options)}. Nothing changed.`
      : `Let in from now on ${whenever(site)}${end}: ${named(options)}.`,
  );
}

/** What `exempt remove` does. */
export async function removeExemptions(session: Session, options: ExemptOptions): Promise<Report> {
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
  return listing([...ip, ...path]);
}
