import { answersOf } from "../http/closed-answers.ts";
import { measureInSlots } from "../http/interleave.ts";
import { REQUEST_KINDS, requestBytes } from "../http/requests.ts";
import type { ServerSpec } from "../http/server-spec.ts";
import { slotRow } from "../http/slot-row.ts";
import { atLeast, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const requests = REQUEST_KINDS.map((kind) => requestBytes(kind, "shop.example", "/"));
const guarded: ServerSpec = { app: "node", gate: "in front", closedWith: [] };

async function measureClosed({ quick }: SectionOptions): Promise<Section> {
  const answers = await answersOf(guarded, requests);
  const bare: ServerSpec = { app: "same bytes", by: "node", answers };
  const rates = await measureInSlots(
    { bare, again: bare, guarded },
    REQUEST_KINDS.flatMap((kind, port) => [
      { name: `${kind} bare`, server: "bare", port, requests: requests.slice(port, port + 1) },
      { name: `${kind} again`, server: "again", port, requests: requests.slice(port, port + 1) },
      { name: `${kind} guarded`, server: "guarded", port: 0, requests: requests.slice(port, port + 1) },
    ]),
    quick ? { rounds: 1, passes: 20, warmUp: 20 } : { rounds: 6, passes: 40, warmUp: 40 },
  );
  return {
    title: "Closed, over HTTP: requests a second, as a ratio to bare node:http that writes the same bytes",
    rows: REQUEST_KINDS.map((kind) =>
      slotRow(
        `${kind}, in front of node:http`,
        rates(`${kind} guarded`),
        [rates(`${kind} bare`), rates(`${kind} again`)],
        atLeast(0.99),
      ),
    ),
    notes: [],
  };
}

await runSection(measureClosed);
