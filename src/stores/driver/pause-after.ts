/** Limits in milliseconds of the pause before a commit is tried again. The pause doubles with each attempt. */
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/** Waits before a commit is tried again. With jitter: two writers that collided must not collide again. */
export function pauseAfter(attempts: number, random: () => number): Promise<void> {
  const most = Math.min(MIN_PAUSE_MS * 2 ** (attempts - 1), MAX_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, random() * most));
}
