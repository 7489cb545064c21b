import type { HeldView } from "./held.ts";

/** Milliseconds of silence that are worth a word: several renewals of a hold are missing. */
export const MIN_SILENCE_MS = 30_000;

/** Whether the holder of a hold has fallen silent: it may have crashed. Nothing ends because of that. */
export function isAbandoned({ isHold, phase, quiet }: Pick<HeldView, "isHold" | "phase" | "quiet">): boolean {
  return isHold && (phase === "lost" || quiet >= MIN_SILENCE_MS);
}
