import { type ReadonlySignal, signal } from "@preact/signals";

const current = signal<(() => void) | null>(null);

/** The action that was requested when the session had ended; it is carried out once the user has signed in again. */
export const interrupted: ReadonlySignal<(() => void) | null> = current;

export function interrupt(again: () => void): void {
  current.value = again;
}

export function takeInterrupted(): (() => void) | null {
  const again = current.value;
  current.value = null;
  return again;
}
