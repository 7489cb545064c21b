import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { AdminClient } from "../../admin/remote/admin-client.ts";
import { previewRecord } from "../../control/apply/close-record.ts";
import { knownSites, requireKnown } from "../../control/apply/known-sites.ts";
import { validateCommand } from "../../control/apply/validate-command.ts";
import { previewAnswer } from "../../engine/answer/preview-answer.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { gateInternals } from "../../gate/internals.ts";
import { gateFor } from "../../gate.ts";
import { parseLanguageTag } from "../../state/setting.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import { addNoticeOptions, type ClosureOptions, parseEnd, toCloseCommand } from "../input/closure-options.ts";
import { addExamples } from "../input/definition.ts";
import { type Project, withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = addNoticeOptions(
    program
      .command("preview")
      .description("Prints what a visitor of the closed site would see, without closing anything.")
      .argument("[site]", "its id; default: *"),
  )
    .option("--lang <tag>", "the language of the page: de, pt-BR")
    .addOption(new Option("--type <type>", "the type of the answer; default: html").choices(["html", "json", "text"]))
    .option("--out <file>", "writes the page to this file instead of printing it");
  command.action((site: string | undefined, options: PreviewOptions) =>
    perform(command, (session) => previewPage(session, site, options)),
  );
  addExamples(command, [
    ['preview --message "Back at nine" --until 21:00 --out page.html', "look at it in a browser"],
    ["preview shop --lang de --type text", "read it in German"],
    ["preview --type json", "see what a program gets"],
  ]);
}

interface PreviewOptions extends ClosureOptions {
  readonly lang?: string;
  readonly type?: "html" | "json" | "text";
  readonly out?: string;
}

async function previewPage(session: Session, site: string | undefined, options: PreviewOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const record = await closedRecord(session, project, site ?? ALL_SITES, options);
    const { status, body } =
      project.admin === null
        ? await render(record, project, session, options)
        : await askServer(project.admin, record, project, session, options);
    const json = { site: record.id, status, type: options.type ?? "html", body, file: options.out ?? null };
    if (options.out === undefined) return { json, text: body };
    const file = resolve(session.context.cwd, options.out);
    await write(file, body);
    return { json: { ...json, file }, text: `What a visitor would see is in ${file}; nothing was closed.` };
  });
}

/** Returns the site's record as it would be if it were closed with these options now. */
async function closedRecord(
  session: Session,
  { controller, options: configured }: Project,
  site: string,
  options: PreviewOptions,
): Promise<SiteRecord> {
  const state = await controller.state();
  requireKnown(site, knownSites(state, new Set([...configured.sites.keys(), ...configured.groups])));
  const command = validateCommand(toCloseCommand([site], options, await parseEnd(options, session.time)));
  const record = state.records.get(site) ?? openRecord(site);
  if (command.type !== "close") return record;
  const closed = previewRecord(record, command, session.time.now);
  const redirect = closed.response.redirect ?? configured.response.redirect;
  if (redirect !== null) session.warn(`Browsers would be redirected to ${redirect} instead.`);
  return closed;
}

/** Renders with a gate like the application's, which logs a failing template. */
async function render(
  record: SiteRecord,
  { options: configured }: Project,
  session: Session,
  { lang = "", type = "html" }: PreviewOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  const logger = { debug() {}, info() {}, warn: session.warn, error: session.warn };
  const language = lang === "" ? "" : parseLanguageTag(lang);
  const gate = gateFor({ ...configured, fleet: false, logger });
  try {
    await gate.ready();
    const { status, body } = previewAnswer(record, { type, language }, gateInternals(gate).snapshot, session.time.now);
    return { status, body: body ?? "" };
  } finally {
    await gate.close();
  }
}

const CONTENT_TYPES = { html: "text/html", json: "application/problem+json", text: "text/plain" } as const;

/** Asks the server: only it has the templates and functions of its configuration. */
async function askServer(
  admin: AdminClient,
  { id, response, notice }: SiteRecord,
  { options: configured }: Project,
  { time }: Session,
  options: PreviewOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  const { lang: locale, type = "html", readOnly } = options;
  const translated = locale === undefined ? undefined : notice.translations[locale];
  const message = translated?.message || options.message;
  const title = translated?.title || options.title;
  // In the form in which it would be stored.
  const moreUrl = options.moreUrl === undefined ? undefined : (notice.moreUrl ?? undefined);
  const until = (await parseEnd(options, time))?.until ?? undefined;
  const mode = readOnly === true ? "read-only" : undefined;
  const query = { site: id, locale, title, message, moreUrl, until, mode, type: type === "html" ? undefined : type };
  const body = await admin.getText("preview", query, CONTENT_TYPES[type]);
  return { status: response.statusCode ?? configured.response.status, body };
}

async function write(file: string, body: string): Promise<void> {
  try {
    await writeFile(file, body);
  } catch (cause) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `--out: '${file}' cannot be written: ${messageOf(cause)}.`, {
      hint: "Name a file in an existing folder in which you may write.",
      cause,
    });
  }
}
