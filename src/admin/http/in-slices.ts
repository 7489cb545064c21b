/** Sites that are looked at before other requests get their turn: some milliseconds. */
export const MAX_SLICE = 2_000;

/** Goes through many items, and lets the event loop go on between slices of `MAX_SLICE`. They are not copied: that alone would take long. */
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

/** Other requests get their turn: a timer and no promise, for input and output too. */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
