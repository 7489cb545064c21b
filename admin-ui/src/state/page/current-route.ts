import { type ReadonlySignal, signal } from "@preact/signals";
import { type Destination, parseRoute, type Route, routeTo } from "../../model/route.ts";
import { forgetSwitch } from "../drafts/pending-switch.ts";

const current = signal<Route>(parseRoute(location.hash));

export const route: ReadonlySignal<Route> = current;

export function followRoute(): void {
  addEventListener("hashchange", () => {
    // What was asked on one page is not asked on another.
    forgetSwitch();
    current.value = parseRoute(location.hash);
  });
}

export function goTo(next: Destination): void {
  location.hash = routeTo(next);
}
