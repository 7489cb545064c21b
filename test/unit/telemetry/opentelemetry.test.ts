import * as api from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, onTestFinished, test } from "vitest";
import { gateInternals } from "../../../src/gate/internals.ts";
import { importApi } from "../../../src/telemetry/opentelemetry/import-api.ts";
import { countWithOpenTelemetry } from "../../../src/telemetry/opentelemetry.ts";
import { BY, gateUnderTest } from "../../support/gate-under-test.ts";
import { requestFacts } from "../../support/request-facts.ts";

/** Returns the metrics that a meter provider would export, as `maintenance.blocked {…}: 2`. */
function collecting(): { readonly provider: MeterProvider; collect(): Promise<readonly string[]> } {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  return {
    provider,
    async collect() {
      exporter.reset();
      await reader.forceFlush();
      const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      return found.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => `${descriptor.name} ${JSON.stringify(attributes)}: ${value}`),
      );
    },
  };
}

test("OpenTelemetry observes the gate's counters until it is stopped", async () => {
  const { gate, controller } = gateUnderTest();
  await controller.execute({ type: "close", mode: "read-only" }, BY);
  await gate.ready();
  gateInternals(gate).decide(requestFacts({ method: "POST" }));
  const { provider, collect } = collecting();
  const stop = await countWithOpenTelemetry(gate, { metrics: provider });
  gateInternals(gate).decide(requestFacts({ method: "POST" }));
  expect(await collect()).toEqual([
    'maintenance.blocked {"maintenance.site":"*","maintenance.reason":"mode"}: 2',
    'maintenance.mode {"maintenance.site":"*","maintenance.mode":"open"}: 0',
    'maintenance.mode {"maintenance.site":"*","maintenance.mode":"read-only"}: 1',
    'maintenance.mode {"maintenance.site":"*","maintenance.mode":"paused"}: 0',
    'maintenance.mode {"maintenance.site":"*","maintenance.mode":"closed"}: 0',
    "maintenance.store.stale {}: 0",
    "maintenance.state.version {}: 1",
  ]);
  stop();
  gateInternals(gate).decide(requestFacts({ method: "POST" }));
  // The SDK continues to export the last value.
  expect((await collect())[0]).toMatch(/: 2$/);
});

test.each([
  ["the installed api", undefined],
  ["an api that is handed over", api],
])("%s is used with its registered provider", async (_title, given) => {
  const { gate } = gateUnderTest();
  await gate.ready();
  const { provider, collect } = collecting();
  api.metrics.setGlobalMeterProvider(provider);
  onTestFinished(() => api.metrics.disable());
  await countWithOpenTelemetry(gate, given);
  expect(await collect()).toContain("maintenance.store.stale {}: 0");
});

test("an api that is not installed, or has no metrics, is named in the error", async () => {
  const absent = importApi(() => Promise.reject(new Error("Cannot find package")));
  await expect(absent).rejects.toMatchObject({
    code: "ERR_INVALID_OPTION",
    message: "@opentelemetry/api could not be imported.",
    hint: expect.stringContaining("npm install @opentelemetry/api"),
  });
  await expect(importApi(async () => ({ trace: {} }))).rejects.toMatchObject({ code: "ERR_INVALID_OPTION" });
});
