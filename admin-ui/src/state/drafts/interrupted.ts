import { type ReadonlySignal, signal } from "@preact/signals";

const current = signal<(() => void) | null>(null);

/** What a person asked for when it turned out that their session had ended; it is done once they have signed in again. */
export const interrupted: ReadonlySignal<(() => void) | null> = current;

export function interrupt(again: () => void): void {
  current.value = again;
}

export function takeInterrupted(): (() => void) | null {
  const again = current.value;
  current.value = null;
  return again;
}
