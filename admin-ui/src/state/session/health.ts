import { type ReadonlySignal, signal } from "@preact/signals";
import type { Health } from "../../../../src/admin/schema/responses.ts";
import { readHealth } from "../../api.ts";

const current = signal<Health | null>(null);

export const health: ReadonlySignal<Health | null> = current;

export function keepHealth(told: Health): void {
  current.value = told;
}

export async function loadHealth(): Promise<void> {
  keepHealth(await readHealth());
}
