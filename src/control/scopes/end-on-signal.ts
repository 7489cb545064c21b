/** The members of `process` that are used. A Worker has none of them. */
interface SignalProcess {
  readonly pid: number;
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
  listenerCount(signal: Signal): number;
  kill(pid: number, signal: Signal): unknown;
}

type Signal = "SIGINT" | "SIGTERM";

const SIGNALS: readonly Signal[] = ["SIGINT", "SIGTERM"];
/** The scopes that have to end before the process does, oldest first. */
const open = new Set<() => Promise<void>>();
let isEnding = false;

/**
 * Runs `end`, which must not reject, when SIGINT or SIGTERM would end the process, and then raises the signal again; a second signal
 * does not wait. If the application listens for the signal too, `end` runs, and the application decides when the process ends.
 * Returns a function that unregisters `end`. Outside the command line, only this file listens to the process.
 */
export function endOnSignal(end: () => Promise<void>): () => void {
  const { process } = globalThis as { readonly process?: SignalProcess };
  if (typeof process?.kill !== "function") return () => {};
  if (open.size === 0 && !isEnding) for (const signal of SIGNALS) process.on(signal, onSignal);
  open.add(end);
  return () => {
    open.delete(end);
    if (open.size === 0 && !isEnding) stopListening(process);
  };
}

function onSignal(signal: Signal): void {
  if (isEnding) {
    raise(signal);
    return;
  }
  isEnding = true;
  void endAll().then(() => raise(signal));
}

/** Ends the innermost scope first. */
async function endAll(): Promise<void> {
  for (const end of [...open].reverse()) await end();
}

function raise(signal: Signal): void {
  const { process } = globalThis as { readonly process?: SignalProcess };
  if (process === undefined) return;
  isEnding = false;
  stopListening(process);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function stopListening(process: SignalProcess): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
