/** Sites that are looked at before other requests get their turn: some milliseconds. */
export const MAX_SLICE = 2_000;

/** Goes through a long list, and lets the event loop go on between slices of `MAX_SLICE`. */
export async function forEachInSlices<Item>(items: readonly Item[], visit: (item: Item) => void): Promise<void> {
  for (let start = 0; start < items.length; start += MAX_SLICE) {
    if (start > 0) await nextTurn();
    for (const item of items.slice(start, start + MAX_SLICE)) visit(item);
  }
}

/** Sorts a long list in the same way: slices of their own, then two by two into one. */
export async function sortInSlices<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Promise<readonly Item[]> {
  let runs: Item[][] = [];
  for (let start = 0; start < items.length; start += MAX_SLICE) {
    if (start > 0) await nextTurn();
    runs.push(items.slice(start, start + MAX_SLICE).sort(compare));
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let first = 0; first < runs.length; first += 2) {
      merged.push(await merge(runs[first] ?? [], runs[first + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<Item>(a: readonly Item[], b: readonly Item[], compare: (a: Item, b: Item) => number) {
  const merged: Item[] = [];
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    const [one, other] = [a[left], b[right]];
    const takesLeft = other === undefined || (one !== undefined && compare(one, other) <= 0);
    const next = takesLeft ? one : other;
    if (next !== undefined) merged.push(next);
    if (takesLeft) left += 1;
    else right += 1;
    if (merged.length % MAX_SLICE === 0) await nextTurn();
  }
  return merged;
}

/** A timer and no promise: input and output get their turn too. */
/** Other requests get their turn. */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
