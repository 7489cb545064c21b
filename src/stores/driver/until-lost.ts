import { systemClock } from "../../clock.ts";

/**
 * Asks every so many milliseconds whether a connection that only listens is still alive: a broken network does not tell. Resolves when
 * the signal aborts; rejects as `lost` does, or as `ask`.
 */
export async function untilLost(
  lost: Promise<never>,
  every: number,
  ask: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await Promise.race([lost, pause(every, signal)]);
    if (!signal.aborted) await Promise.race([lost, ask()]);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = systemClock.setTimer(end, milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
}
