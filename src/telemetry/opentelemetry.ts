import { METRICS, type MeasuredGate } from "./metrics.ts";
import { importApi } from "./opentelemetry/import-api.ts";

export type { MeasuredGate } from "./metrics.ts";

/** The members of `@opentelemetry/api` that are used. */
export interface OpenTelemetryApi {
  readonly metrics: { getMeter(name: string): Meter };
}

/** The members of a meter that are used. */
export interface Meter {
  createObservableCounter(name: string, options: InstrumentOptions): ObservableInstrument;
  createObservableGauge(name: string, options: InstrumentOptions): ObservableInstrument;
}

/** The options with which an instrument is created. */
export interface InstrumentOptions {
  description: string;
  unit: string;
}

/** The members of an observable instrument that are used. */
export interface ObservableInstrument {
  addCallback(callback: Observe): void;
  removeCallback(callback: Observe): void;
}

/** Called for each collection: reports the current values. */
export type Observe = (result: { observe(value: number, attributes: Record<string, string>): void }) => void;

/**
 * Lets OpenTelemetry observe the gate: `maintenance.blocked`, `.bypassed`, `.mode`, `.store.stale` and `.state.version`, with the attributes
 * `maintenance.site`, `.reason` and `.mode`. Call it after the meter provider is registered. Resolves to a function that ends the
 * observation.
 * @param api The exports of `@opentelemetry/api`. @default the package is imported
 * @throws `ERR_INVALID_OPTION` if the package is absent or has no metrics
 * @example const stop = await countWithOpenTelemetry(gate);
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
