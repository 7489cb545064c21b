import { requireKnown } from "../control/apply/known-sites.ts";
import { recordView } from "../control/views/record-view.ts";
import { isClosedAt } from "../schedule/timetable.ts";
import { parseInstant } from "../state/instant.ts";
import { ALL_SITES, type SiteRecord } from "../state/site-record.ts";
import { plain } from "../text/quote.ts";
import { listing, siteSubject } from "../text/site-name.ts";
import { describeChange } from "./output/describe-change.ts";
import { formatTable } from "./output/format-table.ts";
import { recordNow } from "./output/record-now.ts";
import { hostsBySite } from "./output/site-hosts.ts";
import { type ChangeOptions, changeProject } from "./project/change-project.ts";
import { withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";
import { formatTime } from "./times/format-time.ts";

/** What `sites list` does. */
export async function listSites(session: Session): Promise<Report> {
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

/** What `sites show` does. */
export async function showSite(session: Session, id: string): Promise<Report> {
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

/** What `sites add` does. */
export async function addSite(
  session: Session,
  site: string,
  hosts: readonly string[] | undefined,
  options: ChangeOptions,
): Promise<Report> {
  return await changeProject(session, "sites add", { type: "add-site", site, hosts }, options, ({ after }) => {
    const what = after === null || after.hosts.length === 0 ? "a group, without hosts" : listing(after.hosts);
    return `${site} is known now: ${what}. To close it: ${session.program} on ${site}`;
  });
}

/** What `sites remove` does. */
export async function removeSite(session: Session, site: string, options: ChangeOptions): Promise<Report> {
  return await changeProject(session, "sites remove", { type: "remove-site", site }, options, ({ before }) => {
    const closed = before !== null && isClosedAt(before, session.time.now);
    return `${site} is forgotten.${closed ? ` It was ${before.mode}: its hosts follow * now.` : ""}`;
  });
}
