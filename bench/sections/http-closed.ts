import { type Case, compareCases } from "../http/compare.ts";
import { requestsOf } from "../http/requests.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const FRAMEWORKS = [
  { by: "node", name: "node:http" },
  { by: "express", name: "Express" },
  { by: "fastify", name: "Fastify" },
  { by: "koa", name: "Koa" },
] as const;

async function measureClosed({ quick }: SectionOptions): Promise<Section> {
  const cases = (["json", "html"] as const).flatMap((kind) => {
    const requests = requestsOf(kind);
    return FRAMEWORKS.map(
      ({ by, name }): Case => ({
        what: `${kind.toUpperCase()}, in front of ${name}`,
        server: { app: "gate", by, gate: "in front", closedWith: [] },
        requests,
        target: atLeast(0.99),
      }),
    );
  });
  return {
    title: "Closed, over HTTP: requests a second, against bare node:http that writes the same bytes",
    rows: await compareCases(cases, (answers) => ({ app: "same bytes", by: "node", answers }), { quick, rounds: 6 }),
    notes: [],
  };
}

await runSection(measureClosed);
