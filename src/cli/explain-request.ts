import { plain } from "../control/quote.ts";
import { decide } from "../engine/decide.ts";
import type { Decision } from "../engine/decision.ts";
import { type ExplainedAnswer, explainAnswer, explainDecision } from "../engine/explain-decision.ts";
import type { RequestFacts } from "../engine/request-facts.ts";
import { requestFactsOf, type UserKind } from "../engine/request-facts-of.ts";
import { MaintenanceError } from "../errors.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import type { RemoteExplanation } from "../remote/answers.ts";
import { formatTime } from "./format-time.ts";
import { type Project, withProject } from "./project.ts";
import type { Report, Session } from "./session.ts";
import { siteName, siteSubject } from "./site-name.ts";
import { withGate } from "./with-gate.ts";

export interface ExplainOptions {
  readonly method?: string;
  readonly ip?: string;
  readonly header?: readonly string[];
  readonly user?: UserKind;
  readonly operation?: "read" | "write";
}

const HEADER_LINE = /^([^\s:]+):\s*(.*)$/;

/** What `explain` does. */
export async function explainRequest(session: Session, url: string, options: ExplainOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { method, ip, header = [], user, operation } = options;
    const headers = header.map(headerOf);
    const facts = requestFactsOf(url, { method, address: ip, headers, user, operation }, project.options);
    const { decision, answer } =
      project.admin === null
        ? await decideHere(project, facts, session.time.now)
        : await askServer(project.admin, facts, url, options);
    return {
      json: { url, method: facts.method, host: facts.host ?? null, address: facts.address ?? null, decision, answer },
      text: [...tell(decision, session), ...tellAnswer(answer, decision)].join("\n"),
    };
  });
}

async function decideHere(project: Project, facts: RequestFacts, now: number): Promise<RemoteExplanation> {
  return await withGate(project, async ({ snapshot }) => {
    const decision = decide(facts, snapshot, now);
    return { decision, answer: explainAnswer(decision, facts, snapshot, now) };
  });
}

/** Its functions, keys and templates only the server has. */
async function askServer(
  admin: AdminClient,
  facts: RequestFacts,
  url: string,
  { method, ip, header = [], user, operation }: ExplainOptions,
): Promise<RemoteExplanation> {
  const names = header.map((line) => headerOf(line)[0].toLowerCase());
  const headers = Object.fromEntries(names.map((name) => [name, facts.header(name)]));
  const request = { url, method, address: ip, headers, user, operation };
  const { readExplanation } = await import("../remote/answers.ts");
  return await admin.post("explain", request, readExplanation);
}

function headerOf(line: string): readonly [name: string, value: string] {
  const [, name, value = ""] = HEADER_LINE.exec(line) ?? [];
  if (name !== undefined) return [name, value];
  throw new MaintenanceError("ERR_INVALID_COMMAND", `'${line}' is not a header.`, {
    hint: "Write it as 'Accept: application/json'.",
  });
}

function tell(decision: Decision, { style, time }: Session): readonly string[] {
  if (decision.outcome === "defer") {
    const option = decision.needs === "user" ? "--user" : "--operation";
    return [
      style.strong("It depends on what only the application can tell."),
      `${siteSubject(decision.site)} is ${decision.mode}, and ${decision.needs === "user" ? "who asks" : "whether it only reads"} decides.`,
      `To see what follows: add ${option}.${decision.needs === "user" ? " A function of the configuration over users cannot be asked here." : ""}`,
    ];
  }
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
