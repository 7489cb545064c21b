import { type Signal, signal } from "@preact/signals";

/** Unsent input of one field of a form that exists once for each of several items. */
export interface Drafts<Value> {
  /** Of one of them, by a name: the same signal every time. */
  of(name: string): Signal<Value>;
}

const all = new Set<() => void>();

/**
 * Keeps a field outside of the component that shows it: a visit to another part, the phone's Back, a change by another person or the end
 * of the session unmounts that, and loses nothing.
 */
export function createDrafts<Value>(initial: Value): Drafts<Value> {
  const kept = new Map<string, Signal<Value>>();
  all.add(() => {
    for (const draft of kept.values()) draft.value = initial;
  });
  return {
    of(name) {
      const draft = kept.get(name) ?? signal(initial);
      kept.set(name, draft);
      return draft;
    },
  };
}

/** At sign-out: another person may sign in next. */
export function forgetDrafts(): void {
  for (const forget of all) forget();
}
