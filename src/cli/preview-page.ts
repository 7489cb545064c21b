import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { closeRecord } from "../control/close-record.ts";
import { knownSites, requireKnown } from "../control/known-sites.ts";
import { validateCommand } from "../control/validate-command.ts";
import type { Block } from "../engine/decision.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import { createGate } from "../gate.ts";
import { isClosedAt } from "../schedule/ended-closure.ts";
import { parseInstant } from "../state/instant.ts";
import { serializeSiteRecord } from "../state/serialize-site-record.ts";
import { parseLanguageTag } from "../state/setting.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../state/site-record.ts";
import { documentStore } from "../stores/document.ts";
import type { Store } from "../stores/store.ts";
import { type ClosureOptions, parseEnd, toCloseCommand } from "./closure-options.ts";
import { type Project, withProject } from "./project.ts";
import { requestFactsOf } from "./request-facts-of.ts";
import type { Report, Session } from "./session.ts";

export interface PreviewOptions extends ClosureOptions {
  readonly lang?: string;
  readonly type?: "html" | "json" | "text";
  readonly out?: string;
}

/** What `preview` does. */
export async function previewPage(
  session: Session,
  site: string | undefined,
  options: PreviewOptions,
): Promise<Report> {
  return await withProject(session, async (project) => {
    const record = await closedRecord(session, project, site ?? ALL_SITES, options);
    const { status, body } = await render(record, project, session, options);
    const json = { site: record.id, status, type: options.type ?? "html", body, file: options.out ?? null };
    if (options.out === undefined) return { json, text: body };
    const file = resolve(session.context.cwd, options.out);
    await write(file, body);
    return { json: { ...json, file }, text: `What a visitor would see is in ${file}; nothing was closed.` };
  });
}

/** The site's record as it would be, were it closed with these options now. */
async function closedRecord(
  session: Session,
  { controller, options: configured }: Project,
  site: string,
  options: PreviewOptions,
): Promise<SiteRecord> {
  const state = await controller.state();
  requireKnown(site, knownSites(state, [...configured.sites.keys(), ...configured.groups]));
  const command = validateCommand(toCloseCommand([site], options, await parseEnd(options, session.time)));
  const { now } = session.time;
  const record = state.records.get(site) ?? openRecord(site);
  if (command.type !== "close") return record;
  const keepsMode = options.readOnly === undefined && isClosedAt(record, now) && record.mode !== "open";
  const closed = closeRecord(record, keepsMode ? { ...command, mode: record.mode } : command, now);
  if ((closed.response.redirect ?? configured.response.redirect) !== null) {
    session.warn(`Browsers would be sent to ${closed.response.redirect ?? configured.response.redirect} instead.`);
  }
  return { ...closed, response: { ...closed.response, redirect: null } };
}

/** By a gate like the application's, over a state that stands nowhere but here. */
async function render(
  record: SiteRecord,
  { given }: Project,
  session: Session,
  { lang, type = "html" }: PreviewOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  const gate = createGate({
    ...given,
    store: storeOf(record),
    responseType: type,
    redirect: undefined,
    jsonPaths: undefined,
    logger: { debug() {}, info() {}, warn: session.warn, error: session.warn },
  });
  try {
    await gate.ready();
    const facts = requestFactsOf(
      "/",
      { header: lang === undefined ? [] : [`Accept-Language: ${parseLanguageTag(lang)}`] },
      gate.options,
    );
    const { status, body } = gate.plan(blockBy(record), facts);
    return { status, body: body ?? "" };
  } finally {
    await gate.close();
  }
}

function blockBy({ id, mode, until, version }: SiteRecord): Block {
  const end = until === null ? null : parseInstant(until);
  return { outcome: "block", reason: "mode", site: id, mode: mode === "open" ? "closed" : mode, until: end, version };
}

/** Holds one record, and takes no changes. */
function storeOf(record: SiteRecord): Store {
  const text = JSON.stringify({ sites: { [record.id]: JSON.parse(serializeSiteRecord(record)) } });
  return documentStore({
    name: "a preview",
    capabilities: { compareAndSet: true, readAfterWrite: "strong", push: false, shared: false, separateRecords: false },
    read: async () => ({ text, tag: "" }),
    probe: async () => "",
    write: async () => false,
  });
}

async function write(file: string, body: string): Promise<void> {
  try {
    await writeFile(file, body);
  } catch (cause) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `--out: '${file}' cannot be written: ${messageOf(cause)}.`, {
      hint: "Name a file in a folder that is there and may be written to.",
      cause,
    });
  }
}
