import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";

/** How often a function was called (an async one besides: how often it resumed), by the end of its file's path and its name: `rules/paths/pattern.ts#parsePathPattern`. */
export interface Calls {
  /** Of all functions, callbacks among them. */
  readonly total: number;
  of(name: string): number;
}

const SOURCE = fileURLToPath(new URL("../../src/", import.meta.url));

/**
 * Counts the calls of every function of `src/` while `work` runs. V8 counts them: the work that a request causes is the same on every
 * machine, and its time is not.
 */
export async function countCalls(work: () => Promise<unknown>): Promise<Calls> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  try {
    // What ran before the work is not counted.
    await session.post("Profiler.takePreciseCoverage");
    await work();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const counts = new Map<string, number>();
    for (const { url, functions } of result) {
      const path = url.startsWith("file:") ? fileURLToPath(url) : url;
      if (!path.startsWith(SOURCE)) continue;
      for (const { functionName, ranges } of functions) {
        const name = `${path.slice(SOURCE.length)}#${functionName}`;
        counts.set(name, (counts.get(name) ?? 0) + (ranges[0]?.count ?? 0));
      }
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { total, of: (name) => counts.get(name) ?? 0 };
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}
