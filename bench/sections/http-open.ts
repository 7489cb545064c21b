import { type Case, compareCases } from "../http/compare.ts";
import { requestsOf } from "../http/requests.ts";
import type { GatePlace } from "../http/server-spec.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

type Framework = "node" | "express";

async function measureOpen({ quick }: SectionOptions): Promise<Section> {
  const requests = requestsOf("html");
  const row = (what: string, by: Framework, gate: GatePlace): Case => ({
    what,
    server: { app: "gate", by, gate, closedWith: null },
    requests,
    target: atLeast(0.99),
  });
  const against = (by: Framework, cases: readonly Case[]) =>
    compareCases(cases, () => ({ app: "gate", by, gate: "none", closedWith: null }), { quick, rounds: 6 });
  return {
    title: "Open, over HTTP: requests a second, against the same application without a gate",
    rows: [
      ...(await against("node", [row("in front of node:http", "node", "in front")])),
      ...(await against("express", [
        row("in front of Express", "express", "in front"),
        row("inside Express", "express", "inside"),
      ])),
    ],
    notes: [],
  };
}

await runSection(measureOpen);
