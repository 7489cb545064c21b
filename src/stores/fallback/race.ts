import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../deadline.ts";

export interface Candidate<T> {
  ask(): Promise<T>;
  /** Whether this failure is the answer for all. */
  isFinal(error: unknown): boolean;
}

/**
 * The first answer. The candidates are asked in turn: the next one when the one before has failed, or has been silent for
 * `patience` milliseconds, in which case both are waited for. Rejects with a failure that is final, or with an `AggregateError` when
 * all have failed.
 */
export function firstAnswer<T>(candidates: readonly Candidate<T>[], patience: number, clock: Clock): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const errors: unknown[] = [];
    let next = 0;
    let cancel = (): void => {};

    function end(settle: () => void): void {
      next = candidates.length;
      cancel();
      settle();
    }

    function askNext(): void {
      cancel();
      const candidate = candidates[next];
      if (candidate === undefined) return;
      next += 1;
      const own = next;
      cancel = setDeadline(clock, askNext, patience);
      candidate.ask().then(
        (answer) => end(() => resolve(answer)),
        (error: unknown) => {
          errors.push(error);
          if (candidate.isFinal(error)) end(() => reject(error));
          else if (errors.length === candidates.length) end(() => reject(new AggregateError(errors)));
          else if (own === next) askNext();
        },
      );
    }

    askNext();
  });
}
