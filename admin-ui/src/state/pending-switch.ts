import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteView } from "../../../src/admin/api-types.ts";
import type { Closing } from "../model/closing.ts";

/** A switch that somebody is about to throw, and that the dialog asks about. */
export type PendingSwitch =
  | { readonly deed: "open"; readonly sites: readonly SiteView[] }
  /** `closing`: chosen already, on the site's own page. Otherwise the dialog has the fields. */
  | { readonly deed: "close"; readonly sites: readonly SiteView[]; readonly closing?: Closing };

const current = signal<PendingSwitch | null>(null);

export const pendingSwitch: ReadonlySignal<PendingSwitch | null> = current;

export function askToSwitch(pending: PendingSwitch): void {
  current.value = pending;
}

export function forgetSwitch(): void {
  current.value = null;
}
