import { systemClock } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import { contentStore } from "./document/document.ts";
import type { DocumentContent } from "./document/format.ts";
import type { MemberEntry, MemberStorage } from "./members/storage.ts";
import type { Store } from "./store.ts";

/** Milliseconds that a change waits for the gates of this process to follow it. */
const MAX_FOLLOW_MS = 100;

/**
 * Returns a store that keeps the state in this process only: for tests, and for a single process whose state need not survive it. A gate
 * over it applies a change as soon as it is accepted.
 * @example const gate = createGate({ store: memoryStore() });
 */
export function memoryStore(): Store {
  const listeners = new Set<() => unknown>();
  let content: DocumentContent | null = null;
  let writes = 0;
  const tag = (): string | null => (content === null ? null : String(writes));
  return contentStore({
    name: "memory of this process",
    capabilities: { compareAndSet: true, readAfterWrite: "strong", push: true, shared: false, separateRecords: false },
    read: async () => (content === null ? null : { content, tag: String(writes) }),
    probe: async () => tag(),
    async write(next, expected) {
      if (expected !== tag()) return false;
      content = next;
      writes += 1;
      const followed = Promise.allSettled([...listeners].map(async (listener) => listener()));
      await withinDeadline({ name: "a follower", milliseconds: MAX_FOLLOW_MS }, () => followed).catch(() => {});
      return true;
    },
    async watch(listener, signal) {
      // A new function each time, so that the same listener can watch twice.
      const notify = (): unknown => listener();
      listeners.add(notify);
      queueMicrotask(notify);
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      listeners.delete(notify);
    },
    members: memoryMembers(),
  });
}

function memoryMembers(): MemberStorage {
  const entries = new Map<string, MemberEntry>();
  return {
    async put(key, text, seen) {
      if ((entries.get(key)?.seq ?? 0) !== seen) return false;
      entries.set(key, { key, text, seq: seen + 1, written: systemClock.now() });
      return true;
    },
    async remove(key, seen) {
      return entries.get(key)?.seq === seen && entries.delete(key);
    },
    async read(keys) {
      const found = keys === "all" ? [...entries.values()] : keys.flatMap((key) => entries.get(key) ?? []);
      return { entries: found, now: systemClock.now() };
    },
  };
}
