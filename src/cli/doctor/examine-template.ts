import { existsSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { previewAnswer } from "../../engine/answer/preview-answer.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { gateInternals } from "../../gate/internals.ts";
import { gateFor } from "../../gate.ts";
import type { Logger } from "../../logger.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import { memoryStore } from "../../stores/memory.ts";
import type { Project } from "../project/project.ts";

const HOUR = 3_600_000;

/** Checks that the page of a closed site can be rendered as configured: once with an end and once without. */
export async function examineTemplate(
  project: Project,
  folders: readonly string[],
  now: number,
): Promise<readonly Finding[]> {
  const { template } = project.options;
  if (template === null || template === undefined) return [];
  if (typeof template === "object" && "view" in template) return [examineView(template.view, folders)];
  const what = typeof template === "function" ? "a function" : template.file;
  const complaints = await render(project, now);
  const hint =
    typeof template === "function"
      ? "Fix the function: it is called with each language, with and without an end."
      : "Fix the file. Its path is relative to the folder in which the application is started.";
  return complaints.length === 0
    ? [okFinding("template", what)]
    : complaints.map((complaint) => errorFinding("template", complaint.replace(/\.$/, ""), hint));
}

/** Returns the messages that a gate with this template logs. */
async function render({ options }: Project, now: number): Promise<readonly string[]> {
  const complaints = new Set<string>();
  const complain = (message: string): void => void complaints.add(message);
  const logger: Logger = { debug() {}, info() {}, warn() {}, error: complain };
  const gate = gateFor({ ...options, store: memoryStore(), fleet: false, logger });
  const closed: SiteRecord = { ...openRecord(ALL_SITES), mode: "closed" };
  try {
    await gate.ready();
    for (const until of [null, formatInstant(now + HOUR)]) {
      previewAnswer({ ...closed, until }, { type: "html", language: "" }, gateInternals(gate).snapshot, now);
    }
  } finally {
    await gate.close();
  }
  return [...complaints];
}

/** Looks for the view in the folder `views`, as frameworks do by default. */
function examineView(view: string, folders: readonly string[]): Finding {
  const looked = [...new Set(folders.map((folder) => join(folder, "views")))];
  const found = looked.find((folder) => hasView(folder, view));
  if (found !== undefined) return okFinding("template", `the view '${view}' in ${found}`);
  return warnFinding(
    "template",
    `the view '${view}' is not in ${looked.join(" or ")}`,
    "If the application's views are elsewhere, check there: if the view is missing, visitors get the built-in page.",
  );
}

function hasView(folder: string, view: string): boolean {
  const { dir, base, ext } = parse(view);
  const within = join(folder, dir);
  return existsSync(within) && readdirSync(within).some((name) => (ext === "" ? parse(name).name : name) === base);
}
