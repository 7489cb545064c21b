import type { DocumentStorage } from "../../../src/stores/document/document.ts";

export interface TextStorage extends DocumentStorage {
  readonly text: string | null;
  readonly reads: number;
  /** Replaces the text directly, as an operator would, without the store. */
  edit(text: string | null): void;
  /** Runs `work` before the next write, as if another writer were faster. */
  beforeWrite(work: () => void | Promise<void>): void;
}

/** Creates the smallest possible storage: one text, whose tag counts its writes. */
export function textStorage(initial: string | null): TextStorage {
  let text = initial;
  let writes = 0;
  let reads = 0;
  let before: () => void | Promise<void> = () => {};
  const tag = (): string | null => (text === null ? null : String(writes));
  return {
    name: "text",
    capabilities: { compareAndSet: true, readAfterWrite: "strong", push: false, shared: true, separateRecords: false },
    fix: "Fix the text.",
    async read() {
      reads += 1;
      return text === null ? null : { text, tag: String(writes) };
    },
    probe: async () => tag(),
    async write(next, expected) {
      const work = before;
      before = () => {};
      await work();
      if (expected !== tag()) return false;
      text = next;
      writes += 1;
      return true;
    },
    get text() {
      return text;
    },
    get reads() {
      return reads;
    },
    edit(next) {
      text = next;
      writes += 1;
    },
    beforeWrite(work) {
      before = work;
    },
  };
}
