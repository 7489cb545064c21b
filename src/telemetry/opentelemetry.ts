import { METRICS, type MeasuredGate } from "./metrics.ts";
import { importApi } from "./opentelemetry/import-api.ts";

export type { MeasuredGate } from "./metrics.ts";

/** Of `@opentelemetry/api`, what is used. */
export interface OpenTelemetryApi {
  readonly metrics: { getMeter(name: string): Meter };
}

export interface Meter {
  createObservableCounter(name: string, options: InstrumentOptions): ObservableInstrument;
  createObservableGauge(name: string, options: InstrumentOptions): ObservableInstrument;
}

export interface InstrumentOptions {
  description: string;
  unit: string;
}

export interface ObservableInstrument {
  addCallback(callback: Observe): void;
  removeCallback(callback: Observe): void;
}

export type Observe = (result: { observe(value: number, attributes: Record<string, string>): void }) => void;

/**
 * Lets OpenTelemetry observe the gate: `maintenance.blocked`, `.bypassed`, `.mode`, `.store.stale` and `.state.version`, with the attributes
 * `maintenance.site`, `.reason` and `.mode`. Call it after the meter provider is registered. `api` is what `@opentelemetry/api`
 * exports; left out, it is imported. Resolves to what ends the observation. Rejects with `ERR_INVALID_OPTION` when the package is absent
 * or is none with metrics.
 */
export async function countWithOpenTelemetry(gate: MeasuredGate, api?: OpenTelemetryApi): Promise<() => void> {
  const { metrics } = api ?? (await importApi((name) => import(name)));
  const meter = metrics.getMeter("maintenance-mode");
  const ends = METRICS.map(({ name, kind, help: description, unit, samples }) => {
    const options = { description, unit };
    const instrument =
      kind === "counter" ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
    const observe: Observe = (result) => {
      for (const { value, labels } of samples(gate)) result.observe(value, attributesOf(labels));
    };
    instrument.addCallback(observe);
    return () => instrument.removeCallback(observe);
  });
  return () => {
    for (const end of ends) end();
  };
}

function attributesOf(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`maintenance.${name}`, value]));
}
