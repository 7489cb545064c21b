import { signal } from "@preact/signals";

/** +1 for each change of any site, by anybody: views that show links, history or sites read again. */
export const changes = signal(0);
