/** Milliseconds before a commit begins anew, at most: the first, doubled each time, up to the last. */
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/** The pause before a commit begins anew. With jitter: writers that have met once must not meet again at the same moment. */
export function pauseAfter(attempts: number, random: () => number): Promise<void> {
  const most = Math.min(MIN_PAUSE_MS * 2 ** (attempts - 1), MAX_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, random() * most));
}
