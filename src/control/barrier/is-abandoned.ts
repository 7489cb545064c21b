import type { HeldView } from "./held.ts";

/** Milliseconds of silence that are worth a word: several renewals of a hold are missing. */
export const MIN_SILENCE_MS = 30_000;

/** Whether the holder of a hold has ended or fallen silent: it may have crashed. Nothing ends because of that. */
export function isAbandoned({ isHold, phase, quiet, hasEnded }: Omit<HeldView, "id" | "seq" | "sites">): boolean {
  return isHold && (hasEnded || phase === "lost" || quiet >= MIN_SILENCE_MS);
}
