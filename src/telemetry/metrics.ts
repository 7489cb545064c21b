import type { GateStatus } from "../gate-status.ts";
import { MODES } from "../state/mode.ts";
import type { GateCounters } from "./counters.ts";

/** The members of a gate that are measured. */
export interface MeasuredGate {
  status(): GateStatus;
  counters(): GateCounters;
}

export interface Metric {
  /** Name in the style of OpenTelemetry. */
  readonly name: string;
  readonly kind: "counter" | "gauge";
  readonly help: string;
  readonly unit: string;
  samples(gate: MeasuredGate): readonly Sample[];
}

export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every metric, for both formats. Labels are bounded: known sites, and reasons and modes from fixed lists. */
export const METRICS: readonly Metric[] = [
  {
    name: "maintenance.blocked",
    kind: "counter",
    help: "Requests answered with the maintenance page.",
    unit: "{request}",
    samples: (gate) => gate.counters().blocked.map(countSample),
  },
  {
    name: "maintenance.bypassed",
    kind: "counter",
    help: "Requests that passed although the site is closed.",
    unit: "{request}",
    samples: (gate) => gate.counters().bypassed.map(countSample),
  },
  {
    name: "maintenance.mode",
    kind: "gauge",
    help: "1 for the strictest mode in force anywhere on a site, 0 for every other mode.",
    unit: "",
    samples: (gate) =>
      gate
        .status()
        .sites.flatMap(({ id, mode }) =>
          MODES.map((each) => ({ value: each === mode ? 1 : 0, labels: { site: id, mode: each } })),
        ),
  },
  {
    name: "maintenance.store.stale",
    kind: "gauge",
    help: "1 while the store is unavailable or unreadable and the last state read applies.",
    unit: "",
    samples: (gate) => [{ value: gate.status().state === "stale" ? 1 : 0, labels: {} }],
  },
  {
    name: "maintenance.state.version",
    kind: "gauge",
    help: "The version of the state that the gate has applied.",
    unit: "",
    samples: (gate) => [{ value: gate.status().version, labels: {} }],
  },
];

function countSample({ site, reason, count }: GateCounters[keyof GateCounters][number]): Sample {
  return { value: count, labels: { site, reason } };
}
