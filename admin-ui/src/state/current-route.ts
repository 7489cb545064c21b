import { type ReadonlySignal, signal } from "@preact/signals";
import { parseRoute, type Route, routeTo } from "../model/route.ts";

const current = signal<Route>(parseRoute(location.hash));

export const route: ReadonlySignal<Route> = current;

export function followRoute(): void {
  addEventListener("hashchange", () => {
    current.value = parseRoute(location.hash);
  });
}

export function goTo(next: Route): void {
  location.hash = routeTo(next);
}
