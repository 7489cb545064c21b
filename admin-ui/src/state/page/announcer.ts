import { type ReadonlySignal, signal } from "@preact/signals";
import type { Said } from "../../language/said.ts";

export interface Announcement {
  readonly text: Said;
  readonly tone: "done" | "failed" | "news";
  /** Takes back what was done. */
  readonly undo?: () => Promise<void>;
}

const current = signal<Announcement | null>(null);

/** The last action, refusal or notice: one sentence, shown and announced. */
export const announcement: ReadonlySignal<Announcement | null> = current;

export function announce(text: Said, tone: Announcement["tone"] = "done", undo?: () => Promise<void>): void {
  current.value = undo === undefined ? { text, tone } : { text, tone, undo };
}

export function dismissAnnouncement(): void {
  current.value = null;
}
