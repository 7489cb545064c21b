import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

/**
 * The number of calls per function, by file path below `src/` and name: `rules/paths/pattern.ts#parsePathPattern`. Each resumption of an
 * async function counts as a call.
 */
export interface Calls {
  /** The calls of all functions, callbacks included. */
  readonly total: number;
  of(name: string): number;
}

// V8 counts the call of a function twice if it optimizes the function at that call. For the whole process: tests that count have one each.
setFlagsFromString("--no-turbofan --no-maglev --no-sparkplug --no-use-osr");

const SOURCE = fileURLToPath(new URL("../../src/", import.meta.url));

/**
 * Counts the calls of every function in `src/` while `work` runs. V8 counts them: the calls that a request causes are the same on every
 * machine, unlike the time that it takes.
 */
export async function countCalls(work: () => Promise<unknown>): Promise<Calls> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  try {
    // Resets the counts, so that earlier calls are not included.
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
