import { canCountInstructions, countInstructions } from "../http/instructions.ts";
import { measureRates } from "../http/rates.ts";
import type { Variant } from "../http/variants.ts";
import { hasWrk, INSTALL_WRK } from "../http/wrk.ts";
import { estimateDifference, estimateMedian, estimateRatio } from "../measure/estimate.ts";
import type { Samples } from "../measure/rounds.ts";
import { atLeast, atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const TITLE = "Over HTTP: requests a second, as a ratio";

/** The servers share the cores with the load generator, and nothing is pinned: only ratios are meaningful. */
async function measureHttp({ quick }: SectionOptions): Promise<Section> {
  if (!hasWrk()) return { title: TITLE, rows: [], notes: [INSTALL_WRK] };
  const rates = await measureRates(
    quick ? { rounds: 1, passes: 1, warmUp: 150 } : { rounds: 3, passes: 2, warmUp: 400 },
  );
  const instructions = canCountInstructions() ? await instructionRows(quick ? 1 : 5) : [];
  const { headers, body } = rates.closedAnswer;
  const rows = (what: string, variant: Variant, than: Variant, limit: number | null): Row[] => [
    ratioRow(what, rates.rate(variant), rates.rate(than), limit),
    ratioRow(`${what}, by CPU time`, rates.ratePerCpu(variant), rates.ratePerCpu(than), limit),
  ];
  return {
    title: TITLE,
    rows: [
      ...rows("open, in front of node:http", "node + guard", "node", 0.99),
      ...rows("open, in front of Express", "express + guard", "express", 0.99),
      ...rows("open, inside Express", "express + inside", "express", 0.97),
      ...rows(
        "closed, in front of node:http, against the same bytes",
        "node + guard, closed",
        "node, same bytes",
        0.99,
      ),
      ...rows(
        "closed, in front of Express, against the same bytes",
        "express + guard, closed",
        "node, same bytes",
        0.99,
      ),
      ...rows("closed, inside Express, against the same bytes", "express + inside, closed", "node, same bytes", null),
      ...rows(
        "closed in front of Express, against inside it",
        "express + guard, closed",
        "express + inside, closed",
        null,
      ),
      ...rows("the same bytes by bare node:http, against hello", "node, same bytes", "node", null),
      ...instructions,
    ],
    notes: [
      "By CPU time: requests a second of the server's own CPU time, which other programs on the machine hardly change.",
      `Closed: ${Buffer.byteLength(body)} bytes of body, ${Object.keys(headers).length} headers; every variant was checked to answer the same.`,
      ...(instructions.length > 0 ? [] : ["Instructions a request: not counted here, since perf cannot count them."]),
    ],
  };
}

function ratioRow(what: string, subject: Samples, baseline: Samples, limit: number | null): Row {
  return {
    what,
    unit: "x",
    measured: estimateRatio(subject.both, baseline.both),
    control: estimateRatio(subject.second, subject.first),
    target: limit === null ? null : atLeast(limit),
  };
}

async function instructionRows(times: number): Promise<Row[]> {
  const bare: number[] = [];
  const again: number[] = [];
  const guarded: number[] = [];
  for (let round = 0; round < times; round++) {
    bare.push(await countInstructions("node"));
    guarded.push(await countInstructions("node + guard"));
    again.push(await countInstructions("node"));
  }
  const row = (what: string, target: Row["target"], measured: Row["measured"], control: Row["control"]): Row => ({
    what,
    unit: "of",
    measured,
    control,
    target,
  });
  const noise = estimateDifference(again, bare);
  return [
    row("instructions a request, node:http", null, estimateMedian(bare), null),
    row("instructions a request more with the guard, open", atMost(150), estimateDifference(guarded, bare), noise),
  ];
}

await runSection(measureHttp);
