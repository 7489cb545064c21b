import { type Case, compareCases } from "../http/compare.ts";
import { measureFirstSecond } from "../http/first-second.ts";
import { requestsOf } from "../http/requests.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

async function measureStart({ quick }: SectionOptions): Promise<Section> {
  const cases = (["json", "html"] as const).map(
    (kind): Case => ({
      what: `${kind.toUpperCase()}, in front of node:http`,
      server: { app: "gate", by: "node", gate: "in front", closedWith: [] },
      requests: requestsOf(kind),
      target: atLeast(0.95),
    }),
  );
  return {
    title: "Closed, in the first second of a process: requests, against bare node:http that writes the same bytes",
    rows: await compareCases(
      cases,
      (answers) => ({ app: "same bytes", by: "node", answers }),
      { quick, rounds: 12 },
      measureFirstSecond,
    ),
    notes: [],
  };
}

await runSection(measureStart);
