import type { Clock } from "../../clock.ts";
import { MaintenanceError } from "../../errors.ts";
import type { Position, Store } from "../store.ts";

/** Tracks the primary: its last known position, and whether reads ask it first. */
export interface Lead {
  /** Called when a call begins. Pass the result to `answered`. */
  begin(): number;
  /** The call `began` was answered; `position` is `null` if the answer does not contain it. */
  answered(began: number, position: Position | null): void;
  failed(): void;
  /** Called when the store may be available again. */
  retry(): void;
  /** Whether reads ask the primary before the others. */
  leads(): boolean;
  /** Throws if `copy` is empty, or differs from what the primary has last returned in this process. */
  requireCurrent(held: Position, copy: Store): void;
}

/** Limits in milliseconds of the pause before the next attempt. It doubles with each failure. */
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5_000;

export function followLead(primary: Store, clock: Clock, onPosition: (position: Position) => void): Lead {
  const mayLag = primary.capabilities.readAfterWrite === "eventual";
  let calls = 0;
  let said: Position | null = null;
  /** The number of calls that had begun when the position was set: answers to earlier calls may be older. */
  let saidAt = 0;
  let failures = 0;
  let retryAt = Number.NEGATIVE_INFINITY;

  function isNews(began: number, position: Position): boolean {
    if (said === null) return true;
    if (position.lineage === said.lineage && position.version >= said.version) return true;
    // The version went down, or the lineage changed: the store was restored or wiped.
    return began > saidAt && !(mayLag && position.lineage === said.lineage);
  }

  return {
    begin() {
      calls += 1;
      return calls;
    },
    answered(began, position) {
      failures = 0;
      retryAt = Number.NEGATIVE_INFINITY;
      if (position === null || !isNews(began, position)) return;
      said = { lineage: position.lineage, version: position.version };
      saidAt = calls;
      onPosition(said);
    },
    failed() {
      retryAt = clock.now() + Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS);
      failures += 1;
    },
    retry() {
      retryAt = Number.NEGATIVE_INFINITY;
    },
    leads: () => clock.now() >= retryAt,
    requireCurrent({ lineage, version }, copy) {
      if (version === 0) throw unusable(`${copy.name} holds no copy yet.`);
      if (said === null || (lineage === said.lineage && version >= said.version)) return;
      throw unusable(
        `${copy.name} holds version ${version}, which is not the state that ${primary.name} last returned (version ${said.version}).`,
      );
    },
  };
}

function unusable(message: string): MaintenanceError {
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", message);
}
