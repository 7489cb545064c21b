/** Resolves after other work of the event loop has had its turn: input, output and timers. */
export type NextTurn = () => Promise<void>;

/** With a task of its own and not a promise, which would come before everything else. */
export const nextTurn: NextTurn = async () => {
  // Node, Bun and Deno. A timer waits at least a millisecond.
  const { setImmediate = (callback) => setTimeout(callback, 0) } = globalThis as TaskQueue;
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
};

interface TaskQueue {
  readonly setImmediate?: (callback: () => void) => unknown;
}

/** The maximum number of items of a slice. */
const MAX_SLICE_ITEMS = 256;
/** The size in characters above which a slice takes no further item. */
const MAX_SLICE_SIZE = 16_384;

export interface Turns {
  /** Called between two slices. */
  readonly nextTurn: NextTurn;
  /** If it aborts, the work ends before the next slice: it rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the items in slices that take a few milliseconds at most, and lets the event loop continue between two of them. The slices
 * depend on the items alone, and not on the time.
 */
export async function* inTurns<Item>(
  items: Iterable<Item>,
  sizeOf: (item: Item) => number,
  { nextTurn, signal }: Turns,
): AsyncGenerator<readonly Item[], void> {
  let slice: Item[] = [];
  let size = 0;
  for (const item of items) {
    if (slice.length === MAX_SLICE_ITEMS || size >= MAX_SLICE_SIZE) {
      yield slice;
      await nextTurn();
      signal?.throwIfAborted();
      slice = [];
      size = 0;
    }
    slice.push(item);
    size += sizeOf(item);
  }
  if (slice.length > 0) yield slice;
}
