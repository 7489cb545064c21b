import type { ConformanceCase } from "../conformance-case.ts";
import { commitCases } from "./commit-cases.ts";
import { followingCases, wipeCases } from "./following-cases.ts";
import { backupCases, importCases } from "./import-cases.ts";
import { lifecycleCases } from "./lifecycle-cases.ts";
import type { StoreSession } from "./session.ts";

/** How the cases open a store. */
export interface StoreConformanceOptions {
  /** Opens a store over a new state that was never written. Called once per case. */
  open(): Promise<StoreSession>;
}

const COMMON = { ...commitCases, ...importCases, ...followingCases, ...lifecycleCases };

/**
 * Returns the cases that every `Store` must pass. A capability that the store does not declare (`store.capabilities`) is not tested;
 * wiping and backups are tested only if the session supports them.
 * @example
 * for (const { name, run } of storeConformance({ open })) test(name, run);
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
