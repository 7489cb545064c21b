import { knownSites, requireKnown } from "../control/known-sites.ts";
import { plain } from "../control/quote.ts";
import { MaintenanceError } from "../errors.ts";
import { ALL_SITES } from "../state/site-record.ts";
import { type ChangeOptions, changeProject } from "./change-project.ts";
import { formatTable } from "./format-table.ts";
import { withProject } from "./project.ts";
import { recordNow } from "./record-now.ts";
import type { Report, Session } from "./session.ts";
import { listing } from "./site-name.ts";

export interface ExemptOptions extends ChangeOptions {
  readonly site?: string;
  readonly ip?: readonly string[];
  readonly path?: readonly string[];
  readonly description?: string;
  readonly untilOpen?: boolean;
}

interface ExemptionView {
  readonly kind: "address" | "path" | "method" | "user";
  readonly rule: string;
  readonly description: string;
  /** `configuration`, or the site whose record holds it. */
  readonly source: string;
}

/** What `exempt list` does: for one site those that count for it, else all there are. */
export async function listExemptions(session: Session, site: string | undefined): Promise<Report> {
  return await withProject(session, async ({ controller, options: { exempt, sites, groups } }) => {
    const state = await controller.state();
    if (site !== undefined) requireKnown(site, knownSites(state, [...sites.keys(), ...groups]));
    const ids = [...state.records.keys()].filter((id) => site === undefined || id === site || id === ALL_SITES);
    const records = ids.map((id) => recordNow(state, id, session.time.now));
    const exemptions: readonly ExemptionView[] = [
      ...exempt.addresses.map((it) => address(it.range, it.description, it.source)),
      ...exempt.paths.map((it) => path(it.pattern, it.description, it.source)),
      ...[...exempt.methods].map((rule) => configured("method", rule)),
      ...Object.entries(exempt.users ?? {}).flatMap(([kind, value]) => {
        if (value === true) return configured("user", kind);
        return typeof value === "function" ? configured("user", "whom the configuration's function lets in") : [];
      }),
      ...records.flatMap(({ id, exemptions: { addresses, paths } }) => [
        ...addresses.map((it) => address(it.range, it.description, id)),
        ...paths.map((it) => path(it.pattern, it.description, id)),
      ]),
    ];
    const rows = exemptions.map((it) => [it.kind, it.rule, it.source, plain(it.description)]);
    const head = ["Kind", "Rule", "Where it stands", "For"].map(session.style.faint);
    const none = `Nobody and nothing is exempt. To let somebody in: ${session.program} exempt add --ip ADDRESS`;
    return { json: { exemptions }, text: rows.length === 0 ? none : formatTable(head, rows) };
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
  return await changeProject(session, "exempt add", { ...command, exempt }, options, ({ effect }) =>
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

function address(rule: string, description: string, source: string): ExemptionView {
  return { kind: "address", rule, description, source };
}

function path(rule: string, description: string, source: string): ExemptionView {
  return { kind: "path", rule, description, source };
}

function configured(kind: "method" | "user", rule: string): ExemptionView {
  return { kind, rule, description: "", source: "configuration" };
}
