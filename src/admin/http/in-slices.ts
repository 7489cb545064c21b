/** Number of sites that are processed before other requests get their turn: some milliseconds. */
export const MAX_SLICE = 2_000;

/** Visits many items, and lets the event loop continue between slices of `MAX_SLICE`. Does not copy them, which would take long. */
export async function forEachInSlices<Item>(items: Iterable<Item>, visit: (item: Item) => void): Promise<void> {
  let visited = 0;
  for (const item of items) {
    if (visited === MAX_SLICE) {
      await nextTurn();
      visited = 0;
    }
    visited += 1;
    visit(item);
  }
}

/** Gives other requests their turn: with a timer and not a promise, so that input and output are processed too. */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
