import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";

/** A switch that the dialog asks about before it is carried out. */
export type PendingSwitch =
  | { readonly deed: "open"; readonly sites: readonly SiteView[] }
  /** `withFields`: the dialog has the fields that the site's own page has otherwise. */
  | { readonly deed: "close"; readonly sites: readonly SiteView[]; readonly withFields: boolean };

const current = signal<PendingSwitch | null>(null);

export const pendingSwitch: ReadonlySignal<PendingSwitch | null> = current;

export function askToSwitch(pending: PendingSwitch): void {
  current.value = pending;
}

export function forgetSwitch(): void {
  current.value = null;
}
