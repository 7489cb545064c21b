import { type ReadonlySignal, signal } from "@preact/signals";
import type { HeldView } from "../../../../src/control/barrier/held.ts";
import { readHolds } from "../../api.ts";

const current = signal<readonly HeldView[]>([]);

/** The commands that hold sites closed. */
export const holds: ReadonlySignal<readonly HeldView[]> = current;

/** Rejects as `readHolds` does. */
export async function loadHolds(): Promise<void> {
  const found = await readHolds();
  current.value = found.filter(({ isHold }) => isHold);
}
