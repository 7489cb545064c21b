import { type Case, compareCases } from "../http/compare.ts";
import { RULES, type Rule } from "../http/gate-with-rules.ts";
import { requestsOf } from "../http/requests.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const json = requestsOf("json");
const html = requestsOf("html");
const jsonOfEach = requestsOf("json", 1_000);

async function measureRules({ quick }: SectionOptions): Promise<Section> {
  const row = (what: string, requests: readonly Buffer[], closedWith: readonly Rule[]): Case => ({
    what,
    server: { app: "gate", by: "node", gate: "in front", closedWith },
    requests,
    target: atLeast(0.97),
  });
  const cases = [
    ...RULES.map((rule) => row(`JSON, ${rule}`, json, [rule])),
    row("JSON, 1,000 sites, a request for each in turn", jsonOfEach, ["1,000 sites"]),
    row("JSON, all of these", json, RULES),
    row("HTML, all of these", html, RULES),
  ];
  return {
    title: "Closed with many rules, in front of node:http, against bare node:http that writes the same bytes",
    rows: await compareCases(cases, (answers) => ({ app: "same bytes", by: "node", answers }), { quick, rounds: 4 }),
    notes: ["Users: staff are exempt, and the requests have no session."],
  };
}

await runSection(measureRules);
