import { type Case, compareCases } from "../http/compare.ts";
import { requestsOf } from "../http/requests.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

async function measureInside({ quick }: SectionOptions): Promise<Section> {
  const cases = (["json", "html"] as const).map(
    (kind): Case => ({
      what: `${kind.toUpperCase()}, inside Express`,
      server: { app: "gate", by: "express", gate: "inside", closedWith: [] },
      requests: requestsOf(kind),
      target: atLeast(0.97),
    }),
  );
  return {
    title: "Closed inside Express, against Express's own send of the same bytes",
    rows: await compareCases(cases, (answers) => ({ app: "same bytes", by: "express", answers }), { quick, rounds: 6 }),
    notes: ["Express's own: `response.status(503).set(headers).type(type).send(body)`, without `ETag`."],
  };
}

await runSection(measureInside);
