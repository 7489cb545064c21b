import { expect } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { serializeSiteRecord } from "../../src/state/serialize-site-record.ts";
import type { Store } from "../../src/stores/store.ts";

/** Expects that another process, with its own `store`, can read the state and the history, and that the two agree. */
export async function requireReadable(store: Store, options: MaintenanceOptions): Promise<void> {
  const controller = createController({ ...options, store });
  const { records, unreadable } = await controller.state();
  expect([...unreadable]).toEqual([]);
  const history = await controller.history({ limit: 1_000 });
  for (const { reason, by } of history) expect(`${reason}${by.label}`.isWellFormed()).toBe(true);
  const seen = new Map(history.toReversed().flatMap((change) => change.records.map(({ id, after }) => [id, after])));
  for (const [id, record] of records) {
    // The last record in the history is the one in force.
    expect(JSON.parse(seen.get(id) ?? "null")).toMatchObject({ changed: record.changed });
    expect(serializeSiteRecord(record)).not.toBe("");
  }
  const gate = createGate({ ...options, store });
  expect(await gate.ready()).toMatchObject({ error: null, unreadable: [] });
  await gate.close();
}
