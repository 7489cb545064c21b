import type { Command } from "commander";
import { readRecordedChange } from "../../control/views/recorded-change.ts";
import { MaintenanceError } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { parseInstant } from "../../state/instant.ts";
import type { RecordChange, StateChange } from "../../stores/store.ts";
import { formatCount } from "../../text/list.ts";
import { plain, quote } from "../../text/quote.ts";
import { siteName } from "../../text/site-name.ts";
import { wholeNumber } from "../input/closure-options.ts";
import { addExamples } from "../input/definition.ts";
import { changeWord, describeChange } from "../output/describe-change.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("history")
    .description("Shows the changes, newest first: time, author, address, change and reason.")
    .option("--site <id>", "only changes of this site")
    .option("--limit <number>", "the maximum number of changes: 1 to 1000; default: 20")
    .option("--before <version>", "only changes before this version: the next page");
  command.action((options: HistoryOptions) => perform(command, (session) => showHistory(session, options)));
  addExamples(command, [
    ["history", "see the last changes"],
    ["history --site shop --limit 5", "the last five of one site"],
    ["history --before 17", "the changes before version 17"],
  ]);
}

interface HistoryOptions {
  readonly site?: string;
  readonly limit?: string;
  readonly before?: string;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;
/** Maximum number of sites that the text output lists per change. */
const MAX_SITES = 20;

interface SiteChange {
  readonly site: string;
  /** `closed`, `opened`, `changed`, `added`, `removed`; `unreadable` if it was written by hand, or by another release. */
  readonly effect: string;
  /** The differences, in words. */
  readonly changes: readonly string[];
}

async function showHistory(session: Session, { site, limit, before }: HistoryOptions): Promise<Report> {
  const query = {
    site,
    limit: wholeNumber("--limit", limit) ?? DEFAULT_LIMIT,
    before: wholeNumber("--before", before),
  };
  if (query.limit < 1 || query.limit > MAX_LIMIT) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `--limit: ${query.limit} is out of range.`, {
      hint: "Use 1 to 1000.",
    });
  }
  return await withProject(session, async ({ controller }) => {
    await loadLinearRegExp();
    const history = await controller.history(query);
    const changes = history.map(({ version, at, by, reason, command, records }) => {
      const sites = records.map((record) => siteChange(record, parseInstant(at), session.time.timeZone));
      return { version, at, by, command, reason, sites };
    });
    const oldest = history.at(-1);
    const more = history.length === query.limit && oldest !== undefined && oldest.version > 1;
    return {
      json: { changes },
      text: [
        ...(history.length === 0 ? ["Nothing was changed yet."] : []),
        ...history.map((change, index) => tell(change, namedFirst(changes[index]?.sites ?? [], site), session)),
        ...(more ? [`For earlier changes: ${session.program} history --before ${oldest.version}`] : []),
      ].join("\n\n"),
    };
  });
}

function namedFirst(sites: readonly SiteChange[], named: string | undefined): readonly SiteChange[] {
  return sites.toSorted((a, b) => Number(b.site === named) - Number(a.site === named));
}

function siteChange(record: RecordChange, at: number, timeZone: string): SiteChange {
  const { before, after } = readRecordedChange(record);
  if (before === "unreadable" || after === "unreadable") return { site: record.id, effect: "unreadable", changes: [] };
  const effect = changeWord(before, after, at);
  return { site: record.id, effect, changes: effect === "removed" ? [] : describeChange(before, after, timeZone) };
}

function tell(
  { version, at, by, reason }: StateChange,
  sites: readonly SiteChange[],
  { style, time }: Session,
): string {
  const who = `${plain(by.label)} (${by.kind}${by.from === undefined ? "" : `, from ${plain(by.from)}`})`;
  return [
    `${style.strong(formatTime(parseInstant(at), time))}`,
    `  version ${version}, by ${who}${reason === "" ? "" : `, because ${quote(reason)}`}`,
    ...sites
      .slice(0, MAX_SITES)
      .map(
        ({ site, effect, changes }) => `  ${siteName(site)} ${effect}${changes.map((it) => `\n    ${it}`).join("")}`,
      ),
    ...(sites.length > MAX_SITES
      ? [`  and ${formatCount(sites.length - MAX_SITES)} more sites (--json names them)`]
      : []),
  ].join("\n");
}
