import type { Clock } from "../clock.ts";
import { MaintenanceError } from "../errors.ts";

/**
 * Runs `work` with a signal that aborts after `milliseconds` or when `parent` aborts. Rejects then, even if `work` does not listen: a
 * connection into a black hole must not stop the polling.
 */
export async function withDeadline<Result>(
  clock: Clock,
  milliseconds: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  return await new Promise<Result>((resolve, reject) => {
    const give = (error: Error): void => {
      reject(error);
      controller.abort(error);
    };
    const onParent = (): void => give(new MaintenanceError("ERR_ALREADY_CLOSED", "It was closed while reading."));
    const cancel = clock.setTimer(
      () =>
        give(new MaintenanceError("ERR_STORE_UNAVAILABLE", `No answer from the store in ${milliseconds / 1000} s.`)),
      milliseconds,
    );
    parent.addEventListener("abort", onParent, { once: true });
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        cancel();
        parent.removeEventListener("abort", onParent);
      });
  });
}
