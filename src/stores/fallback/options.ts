import { type Clock, systemClock } from "../../clock.ts";
import { MaintenanceError } from "../../errors.ts";
import type { Store } from "../store.ts";

export interface FallbackOptions {
  /** Milliseconds that a read waits for one store before it asks the next as well, 1 to 60,000. Default: 1,000. */
  readonly patience?: number | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

export interface CheckedFallback {
  readonly first: Store;
  readonly others: readonly Store[];
  readonly patience: number;
  readonly clock: Clock;
}

const OPTIONS: readonly string[] = ["patience", "clock"];

/** Throws `ERR_INVALID_OPTION`. */
export function checkFallback(given: readonly (Store | FallbackOptions)[]): CheckedFallback {
  const last = given.at(-1);
  const hasOptions = typeof last === "object" && last !== null && !isStore(last);
  const options: FallbackOptions = hasOptions ? last : {};
  const members = hasOptions ? given.slice(0, -1) : given;
  const stores = members.map((member, index) => {
    if (isStore(member)) return member;
    throw invalid(
      `fallback: what stands at ${index + 1} is no store.`,
      "Give stores, such as fileStore(), and then the options.",
    );
  });
  const [first, ...others] = stores;
  if (first === undefined || others.length === 0) {
    throw invalid(
      `fallback has ${stores.length} of the stores that it needs.`,
      "Give at least two: the one that counts, and a copy.",
    );
  }
  if (new Set(stores).size < stores.length) {
    throw invalid(`fallback has '${first.name}' twice.`, "A store cannot stand in for itself: name another.");
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw invalid(`fallback has no option '${unknown}'.`, "It has 'patience'.");
  const { patience = 1_000, clock = systemClock } = options;
  if (typeof patience !== "number" || !(patience >= 1 && patience <= 60_000)) {
    throw invalid(`fallback: patience '${patience}' is out of range.`, "Use 1 to 60,000 milliseconds.");
  }
  return { first, others, patience, clock };
}

function isStore(value: unknown): value is Store {
  return typeof value === "object" && value !== null && "load" in value && "commit" in value && "importState" in value;
}

function invalid(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
}
