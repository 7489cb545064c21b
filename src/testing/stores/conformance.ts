import type { ConformanceCase } from "../conformance-case.ts";
import { commitCases } from "./commit-cases.ts";
import { followingCases, wipeCases } from "./following-cases.ts";
import { backupCases, importCases } from "./import-cases.ts";
import { lifecycleCases } from "./lifecycle-cases.ts";
import type { StoreSession } from "./session.ts";

export interface StoreConformanceOptions {
  /** Opens a store over a state of its own that was never written. Called once per case. */
  open(): Promise<StoreSession>;
}

const COMMON = { ...commitCases, ...importCases, ...followingCases, ...lifecycleCases };

/**
 * What every `Store` must do. What a store does not claim (`store.capabilities`) is not asked of it; wiping and
 * backups are tried only where the session can.
 */
export function storeConformance({ open }: StoreConformanceOptions): readonly ConformanceCase[] {
  const all = Object.entries({ ...COMMON, ...wipeCases, ...backupCases });
  return all.map(([name, check]) => ({
    name,
    async run() {
      const session = await open();
      try {
        const can =
          (session.wipe || !Object.hasOwn(wipeCases, name)) && (session.backup || !Object.hasOwn(backupCases, name));
        if (can) await check(session);
      } finally {
        await session.dispose();
      }
    },
  }));
}
