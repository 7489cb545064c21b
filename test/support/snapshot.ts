import { normalizeOptions } from "../../src/config/normalize-options.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { builtInPage } from "../../src/engine/page/built-in-page.ts";
import { compilePolicy } from "../../src/engine/snapshot/policy.ts";
import { compileSnapshot, neverLoadedSnapshot, type Snapshot } from "../../src/engine/snapshot/snapshot.ts";
import { openRecord, type SiteRecord } from "../../src/state/site-record.ts";
import type { State } from "../../src/state/state.ts";

export const NOW: number = Date.parse("2026-11-21T12:00:00Z");

type Records = Readonly<Record<string, Partial<SiteRecord>>>;

export function stateOf(records: Records, version = 1): State {
  const entries = Object.entries(records).map(([id, record]): [string, SiteRecord] => [
    id,
    { ...openRecord(id), version: 1, ...record },
  ]);
  return { lineage: "test", version, records: new Map(entries), unreadable: new Map(), closedInstead: new Map() };
}

interface TestOptions extends MaintenanceOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

export function compileOptionsOf({ environment = {}, ...options }: TestOptions) {
  const normal = normalizeOptions(options, environment);
  return {
    policy: compilePolicy(normal, builtInPage, typeof normal.template === "function" ? normal.template : null),
    configured: normal.sites,
    groups: normal.groups,
    lookAtEach: false,
  };
}

/** Returns the snapshot of a gate with these options after it has loaded these records. */
export function snapshotOf(records: Records, options: TestOptions = {}, previous: Snapshot | null = null): Snapshot {
  return compileSnapshot(stateOf(records), compileOptionsOf(options), NOW, previous);
}

export function unloadedSnapshot(options: TestOptions = {}): Snapshot {
  return neverLoadedSnapshot(compileOptionsOf(options));
}
