import type { Answer } from "../http/answer.ts";
import { answerOf, type Case, compareCases } from "../http/compare.ts";
import { requestsOf } from "../http/requests.ts";
import { PEERS, type ServerSpec } from "../http/server-spec.ts";
import type { Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const requests = requestsOf("html");
const inside = (closedWith: readonly [] | null): ServerSpec => ({
  app: "gate",
  by: "express",
  gate: "inside",
  closedWith,
});
const row = (what: string, server: ServerSpec): Case => ({ what, server, requests, target: null });

/** Middleware that people use instead, all inside Express. */
async function measurePeers({ quick }: SectionOptions): Promise<Section> {
  const answer: Answer = await answerOf(inside([]), requests);
  const open = [
    row("open: this package", inside(null)),
    ...PEERS.map((peer) => row(`open: ${peer}`, { app: "peer", peer, closedBy: null })),
  ];
  const closed = [
    row("closed: this package", inside([])),
    ...PEERS.filter((peer) => peer !== "express-rate-limit").map((peer) =>
      row(`closed: ${peer}`, { app: "peer", peer, closedBy: answer }),
    ),
  ];
  return {
    title: "Beside it, inside Express: open against no middleware, closed against Express's own send of the same bytes",
    rows: [
      ...(await compareCases(open, () => ({ app: "gate", by: "express", gate: "none", closedWith: null }), {
        quick,
        rounds: 3,
      })),
      ...(await compareCases(closed, (answers) => ({ app: "same bytes", by: "express", answers }), {
        quick,
        rounds: 3,
      })),
    ],
    notes: [
      "express-rate-limit is the cost of one well-kept layer of middleware. The npm package `maintenance` 0.0.2 is left out: it patches " +
        "`app.routes` of Express 3, and closes nothing on Express 4 and 5.",
    ],
  };
}

await runSection(measurePeers);
