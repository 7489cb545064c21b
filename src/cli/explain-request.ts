import type { Allow, Block, Decision } from "../engine/decision.ts";
import { BYPASS_CACHE_CONTROL, bypassHeader } from "../engine/maintenance-header.ts";
import type { RequestFacts } from "../engine/request-facts.ts";
import type { Gate } from "../gate.ts";
import { formatTime } from "./format-time.ts";
import { withProject } from "./project.ts";
import { plain } from "./quote.ts";
import { type ExplainOptions, requestFactsOf } from "./request-facts-of.ts";
import type { Report, Session } from "./session.ts";
import { siteName, siteSubject } from "./site-name.ts";
import { withGate } from "./with-gate.ts";

const REASONS: Readonly<Record<Allow["reason"] | Block["reason"], string>> = {
  "operator-surface": "it is one of the operators' own surfaces",
  "route-forced-open": "its route is forced open",
  "route-forced-closed": "its route is forced closed",
  "override-open": "an override holds everything open",
  "override-closed": "an override holds everything closed",
  "never-loaded": "the state could never be loaded",
  open: "nothing that counts for it is closed",
  "out-of-scope": "what is closed does not reach this path",
  "safe-method": "it only reads, and reading goes on",
  "read-path": "its path is one that only reads",
  "read-operation": "the application says that it only reads",
  "test-run": "this is a test run",
  address: "its address is exempt",
  path: "its path is exempt",
  method: "its method is exempt",
  "redirect-target": "it is where the blocked are sent",
  "bypass-link": "it opens a bypass link",
  "bypass-cookie": "it carries the cookie of a bypass link",
  user: "whoever asks is exempt",
  mode: "its site is closed, and nothing exempts it",
  lockdown: "its site is in lockdown, where no exemption counts",
};

interface Answer {
  readonly status: number;
  /** Name, value, as they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What `explain` does. */
export async function explainRequest(session: Session, url: string, options: ExplainOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const facts = requestFactsOf(url, options, project.options);
    return await withGate(project, async (gate) => {
      const decision = gate.decide(facts);
      const answer = answerTo(decision, facts, gate);
      return {
        json: { url, method: facts.method, host: facts.host ?? null, address: facts.address ?? null, decision, answer },
        text: [...tell(decision, session), ...tellAnswer(answer, decision)].join("\n"),
      };
    });
  });
}

/** What goes out: whole when it is blocked, what is added when it passes a closed site; `null` when nothing is. */
function answerTo(decision: Decision, facts: RequestFacts, gate: Gate): Answer | null {
  if (decision.outcome === "block" || decision.outcome === "admit") {
    const { status, headers } = gate.plan(decision, facts);
    return { status, headers: pairs(headers) };
  }
  if (decision.outcome === "defer" || !decision.bypass) return null;
  const headers = ["Maintenance", bypassHeader(decision), "Cache-Control", BYPASS_CACHE_CONTROL];
  return { status: 200, headers: pairs(headers) };
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
  const outcome = decision.outcome === "block" ? style.warning("Blocked") : style.good("Allowed");
  const { site, mode, version } = decision;
  const until = decision.outcome === "block" ? decision.until : null;
  const rule = decision.outcome === "block" ? null : decision.rule;
  const where =
    rule?.source === "configuration" ? "the configuration" : `the record of ${siteName(rule?.source ?? "")}`;
  return [
    `${style.strong(outcome)}: ${REASONS[decision.reason]}.`,
    ...(site === null
      ? []
      : [`Site: ${siteName(site)}, ${mode}${until === null ? "" : ` until ${formatTime(until, time)}`}`]),
    ...(rule === null
      ? []
      : [`Rule: ${rule.text}${rule.description === "" ? "" : ` (${plain(rule.description)})`}, in ${where}`]),
    `State: version ${version}`,
  ];
}

function tellAnswer(answer: Answer | null, { outcome }: Decision): readonly string[] {
  if (answer === null) return outcome === "allow" ? ["The application answers; nothing is added."] : [];
  const head = outcome === "allow" ? "The application answers; these headers are added:" : `Answer: ${answer.status}`;
  return [head, ...answer.headers.map(([name, value]) => `  ${name}: ${value}`)];
}

function pairs(flat: readonly string[]): Answer["headers"] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}
