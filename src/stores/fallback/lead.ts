import type { Clock } from "../../clock.ts";
import { MaintenanceError } from "../../errors.ts";
import type { Position, Store } from "../store.ts";

/** What is known of the primary: what it has said, and whether to ask it. */
export interface Lead {
  /** Called when a call begins; what it gives belongs to the answer. */
  begin(): number;
  /** It has answered the call `began`, and is at `position`, where the answer tells that. */
  answered(began: number, position: Position | null): void;
  failed(): void;
  /** There are signs that it is back. */
  retry(): void;
  /** Whether reads ask it before all others. */
  leads(): boolean;
  /** Throws when what `copy` holds is nothing, or not what the primary has last said in this process. */
  requireCurrent(held: Position, copy: Store): void;
}

/** Milliseconds from one failure to the next attempt: the first, doubled with each, up to the last. */
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5_000;

export function followLead(primary: Store, clock: Clock, onPosition: (position: Position) => void): Lead {
  const mayLag = primary.capabilities.readAfterWrite === "eventual";
  let calls = 0;
  let said: Position | null = null;
  /** How many calls had begun when it was said: their answers may be older. */
  let saidAt = 0;
  let failures = 0;
  let retryAt = Number.NEGATIVE_INFINITY;

  function isNews(began: number, position: Position): boolean {
    if (said === null) return true;
    if (position.lineage === said.lineage && position.version >= said.version) return true;
    // It went back, or began another lineage: it was restored or wiped.
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
        `${copy.name} holds version ${version}, and not what ${primary.name} said last (version ${said.version}).`,
      );
    },
  };
}

function unusable(message: string): MaintenanceError {
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", message);
}
