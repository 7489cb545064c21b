import { type Command, Option } from "commander";
import type { AdminClient } from "../../admin/remote/admin-client.ts";
import type { RemoteExplanation } from "../../admin/remote/answers.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import { closeRecord } from "../../control/apply/close-record.ts";
import type { Decision, Defer } from "../../engine/decide/decision.ts";
import {
  type ExplainedAnswer,
  explainDecision,
  explainRequest as explainHere,
  hostRemark,
  isPlainlyOpen,
  siteOf,
  snapshotWith,
} from "../../engine/decide/explain-request.ts";
import {
  addressRemarks,
  type FactsOfRequest,
  requestFactsOf,
  USER_KINDS,
  type UserKind,
} from "../../engine/decide/request-facts-of.ts";
import type { Snapshot } from "../../engine/snapshot/snapshot.ts";
import { MaintenanceError } from "../../errors.ts";
import { type GateInternals, gateInternals } from "../../gate/internals.ts";
import { gateFor } from "../../gate.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { plain } from "../../text/quote.ts";
import { siteName, siteSubject } from "../../text/site-name.ts";
import { collect } from "../input/closure-options.ts";
import { addExamples } from "../input/definition.ts";
import { type Project, withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("explain")
    .description("Explains whether a request passes now and why, by the same rules as the server.")
    .argument("<url>", "https://shop.example/cart, or a path alone: /cart")
    .option("--method <name>", "the method of the request; default: GET")
    .option("--ip <address>", "the remote address of the connection, as the server sees it")
    .option("--header <line>", "'Name: value'; repeatable", collect)
    .addOption(
      new Option("--user <kind>", "the kind of user").choices(["anonymous", "authenticated", "staff", "superuser"]),
    )
    .addOption(new Option("--operation <kind>", "how the application classifies a POST").choices(["read", "write"]))
    .addOption(
      new Option("--if <mode>", "explains the request as if its site were closed in this mode").choices([
        "closed",
        "read-only",
      ]),
    );
  command.action((url: string, options: ExplainOptions) =>
    perform(command, (session) => explainRequest(session, url, options)),
  );
  addExamples(command, [
    ["explain https://shop.example/cart", "what does a visitor get?"],
    ["explain https://shop.example/ --ip 10.0.0.42 --user staff", "does the office get in?"],
    ["explain https://shop.example/ --ip 10.0.0.42 --if closed", "would the office get in, before you close it?"],
    ["explain /api/users --header 'Accept: application/json'", "what does a program get?"],
  ]);
}

interface ExplainOptions {
  readonly method?: string;
  readonly ip?: string;
  readonly header?: readonly string[];
  readonly user?: UserKind | undefined;
  readonly operation?: "read" | "write";
  /** Explains the request as if its site were closed in this mode. */
  readonly if?: "closed" | "read-only";
}

const MARKED_ROUTES =
  "A route that the application has marked with maintenanceOff still answers: marks are not known here.";

const HEADER_LINE = /^([^\s:]+):\s*(.*)$/;

/** Explains the request as if it came from a user of this kind. */
type Explainer = (kind: UserKind | undefined) => Promise<RemoteExplanation>;

async function explainRequest(session: Session, url: string, options: ExplainOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { method, ip, header = [], operation } = options;
    const { admin } = project;
    const headers = header.map(headerOf);
    const factsFor = (kind: UserKind | undefined): FactsOfRequest =>
      requestFactsOf(url, { method, address: ip, headers, user: kind, operation }, project.options);
    const { facts } = factsFor(options.user);
    const asked = { url, method: facts.method, host: facts.host ?? null };
    if (admin !== null) {
      const explain: Explainer = (kind) => askServer(admin, factsFor(kind), url, { ...options, user: kind });
      return await reportOn(asked, explain, options, session);
    }
    return await withGate(project, async ({ snapshot }) => {
      const explain: Explainer = async (kind) =>
        decideHere(snapshot, factsFor(kind), options.if, project.options, session.time.now);
      return await reportOn(asked, explain, options, session);
    });
  });
}

async function reportOn(
  asked: object,
  explain: Explainer,
  { user, if: assumed }: ExplainOptions,
  session: Session,
): Promise<Report> {
  const { decision, answer, site, address, remarks, ifClosed } = await explain(user);
  const byKind: [UserKind, Decision][] = [];
  if (decision.outcome === "defer" && decision.needs === "user")
    for (const kind of USER_KINDS) byKind.push([kind, (await explain(kind)).decision]);
  return {
    json: {
      ...asked,
      site,
      address: address.value,
      addressSource: address.source,
      if: assumed ?? null,
      decision,
      answer,
      ifClosed,
    },
    text: [
      ...(assumed === undefined ? [] : [`If ${siteName(site ?? ALL_SITES)} were ${assumed}:`]),
      ...(decision.outcome === "defer" ? tellDefer(decision, byKind, session) : tell(decision, session)),
      ...remarks,
      ...(ifClosed === null ? [] : [`If ${siteName(site ?? ALL_SITES)} were closed: ${ifClosed.sentence}`]),
      ...tellAnswer(answer, decision),
      ...(decision.outcome === "block" ? [MARKED_ROUTES] : []),
    ].join("\n"),
  };
}

function decideHere(
  snapshot: Snapshot,
  { facts, address }: FactsOfRequest,
  assumed: ExplainOptions["if"],
  options: NormalOptions,
  now: number,
): RemoteExplanation {
  const site = siteOf(facts, snapshot);
  const closed = (mode: "closed" | "read-only"): Snapshot => {
    const { stored } = snapshot.sites.get(site ?? ALL_SITES) ?? snapshot.all;
    return snapshotWith(snapshot, closeRecord(stored, { type: "close", mode, until: null }, now), now);
  };
  const explained = explainHere(facts, assumed === undefined ? snapshot : closed(assumed), now);
  const remark = hostRemark(facts, site);
  const asks = assumed === undefined && isPlainlyOpen(explained.decision);
  return {
    ...explained,
    address,
    remarks: [...(remark === null ? [] : [remark]), ...addressRemarks(address, options)],
    ifClosed: asks ? explainHere(facts, closed("closed"), now) : null,
  };
}

/** Asks the server: only it has the functions, keys and templates of its configuration. */
async function askServer(
  admin: AdminClient,
  { facts }: FactsOfRequest,
  url: string,
  { method, ip, header = [], user, operation, if: mode }: ExplainOptions,
): Promise<RemoteExplanation> {
  const names = header.map((line) => headerOf(line)[0].toLowerCase());
  const headers = Object.fromEntries(names.map((name) => [name, facts.header(name)]));
  const request = { url, method, address: ip, headers, user, operation, ...(mode && { if: { mode } }) };
  const { readExplanation } = await import("../../admin/remote/answers.ts");
  return await admin.post("explain", request, readExplanation);
}

function headerOf(line: string): readonly [name: string, value: string] {
  const [, name, value = ""] = HEADER_LINE.exec(line) ?? [];
  if (name !== undefined) return [name, value];
  throw new MaintenanceError("ERR_INVALID_COMMAND", `'${line}' is not a header.`, {
    hint: "Write it as 'Accept: application/json'.",
  });
}

function tellDefer(
  { needs, site, mode }: Defer,
  byKind: readonly (readonly [UserKind, Decision])[],
  { style }: Session,
): readonly string[] {
  const outcomes = byKind.flatMap(([kind, decision]) => {
    if (decision.outcome === "defer") return [];
    const { outcome, reason } = explainDecision(decision);
    return [`  ${kind}: ${outcome}, ${reason}.`];
  });
  return [
    style.strong("It depends on something that only the application knows."),
    `${siteSubject(site)} is ${mode}, and the decision depends on ${needs === "user" ? "the user" : "whether the request only reads"}.`,
    ...outcomes,
    needs === "user" && outcomes.length === 0
      ? "A function of the configuration decides which users get in, and it cannot be called here."
      : `To see the decision, add ${needs === "user" ? "--user" : "--operation"}.`,
  ];
}

function tell(decision: Exclude<Decision, Defer>, { style, time }: Session): readonly string[] {
  const { outcome, reason } = explainDecision(decision);
  const mark = decision.outcome === "block" ? style.warning : style.good;
  const { site, mode, version } = decision;
  const until = decision.outcome === "block" ? decision.until : null;
  const rule = decision.outcome === "block" ? null : decision.rule;
  const where =
    rule?.source === "configuration" ? "the configuration" : `the record of ${siteName(rule?.source ?? "")}`;
  return [
    `${style.strong(mark(outcome))}: ${reason}.`,
    ...(site === null
      ? []
      : [`Site: ${siteName(site)}, ${mode}${until === null ? "" : ` until ${formatTime(until, time)}`}`]),
    ...(rule === null
      ? []
      : [`Rule: ${rule.text}${rule.description === "" ? "" : ` (${plain(rule.description)})`}, in ${where}`]),
    `State: version ${version}`,
  ];
}

function tellAnswer(answer: ExplainedAnswer | null, { outcome }: Decision): readonly string[] {
  if (answer === null) return outcome === "allow" ? ["The application answers; nothing is added."] : [];
  const head = outcome === "allow" ? "The application answers; these headers are added:" : `Answer: ${answer.status}`;
  return [head, ...answer.headers.map(([name, value]) => `  ${name}: ${value}`)];
}

/** Runs `work` with a gate over the project's state, like the application's. Throws if the state is unreadable. */
async function withGate<Result>(
  { controller, options }: Project,
  work: (gate: GateInternals) => Promise<Result>,
): Promise<Result> {
  // Throws the fault of the state, which a gate would only log.
  await controller.state();
  const gate = gateFor({ ...options, fleet: false });
  try {
    await gate.ready();
    return await work(gateInternals(gate));
  } finally {
    await gate.close();
  }
}
