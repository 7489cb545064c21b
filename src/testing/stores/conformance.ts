import type { ConformanceCase } from "../conformance-case.ts";
import { commitCases } from "./commit-cases.ts";
import { followingCases, wipeCases } from "./following-cases.ts";
import { backupCases, importCases } from "./import-cases.ts";
import { lifecycleCases } from "./lifecycle-cases.ts";
import { damagedMemberCases, memberCases, wipedMemberCases } from "./member-cases.ts";
import { memberRaceCases } from "./member-race-cases.ts";
import type { StoreCases, StoreSession } from "./session.ts";

/** How the cases open a store. */
export interface StoreConformanceOptions {
  /** Opens a store over a new state that was never written. Called once per case. */
  open(): Promise<StoreSession>;
}

/** Cases, and what a session must have for them. */
const SUITES: readonly (readonly [cases: StoreCases, isPossible: (session: StoreSession) => boolean])[] = [
  [{ ...commitCases, ...importCases, ...followingCases, ...lifecycleCases }, () => true],
  [wipeCases, ({ wipe }) => wipe !== undefined],
  [backupCases, ({ backup }) => backup !== undefined],
  [{ ...memberCases, ...memberRaceCases }, ({ store }) => store.members !== undefined],
  [wipedMemberCases, ({ store, wipeMembers }) => store.members !== undefined && wipeMembers !== undefined],
  [damagedMemberCases, ({ store, damageMember }) => store.members !== undefined && damageMember !== undefined],
];

/**
 * Returns the cases that every `Store` must pass. A capability that the store does not declare (`store.capabilities`, `store.members`) is
 * not tested; wiping, backups and damaged rows are tested only if the session supports them.
 * @example
 * for (const { name, run } of storeConformance({ open })) test(name, run);
 */
export function storeConformance({ open }: StoreConformanceOptions): readonly ConformanceCase[] {
  return SUITES.flatMap(([cases, isPossible]) =>
    Object.entries(cases).map(([name, check]) => ({
      name,
      async run() {
        const session = await open();
        try {
          if (isPossible(session)) await check(session);
        } finally {
          await session.dispose();
        }
      },
    })),
  );
}
