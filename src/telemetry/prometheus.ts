import { METRICS, type MeasuredGate, type Metric, type Sample } from "./metrics.ts";

export type { MeasuredGate } from "./metrics.ts";

/** The `Content-Type` of the text. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Returns the gate's metrics in Prometheus' text format 0.0.4: `maintenance_blocked_total` and `maintenance_bypassed_total` by site and
 * reason, `maintenance_mode` by site and mode, `maintenance_store_stale` and `maintenance_state_version`. Ends with a line feed, so that
 * the output of another registry can precede or follow it.
 * @example response.setHeader("Content-Type", PROMETHEUS_CONTENT_TYPE).end(prometheusText(gate));
 */
export function prometheusText(gate: MeasuredGate): string {
  return METRICS.map((metric) => family(metric, metric.samples(gate))).join("");
}

function family({ name, kind, help }: Metric, samples: readonly Sample[]): string {
  const written = `${name.replaceAll(".", "_")}${kind === "counter" ? "_total" : ""}`;
  const lines = samples.map(({ labels, value }) => `${written}${labelSet(labels)} ${value}\n`);
  return [`# HELP ${written} ${help}\n`, `# TYPE ${written} ${kind}\n`, ...lines].join("");
}

function labelSet(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
