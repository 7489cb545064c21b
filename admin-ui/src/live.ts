import type { AdminEvent } from "../../src/admin/api-types.ts";
import { openEvents } from "./api.ts";
import { createEventParser } from "./model/parse-events.ts";

export interface LiveListener {
  /** Something changed; `null`: anything may have. */
  onChange(sites: readonly string[] | null): void;
  onHealth(event: Extract<AdminEvent, { type: "health" }>): void;
}

const POLL = 10_000;
const RETRY = 2_000;
const LONGEST_RETRY = 30_000;
/** A comment comes every 20 seconds: a stream silent for longer is dead, though nobody said so. */
const SILENCE = 45_000;

/** Follows what others do. While the stream is away, it polls; after each return, everything is read again. */
export function followChanges(listener: LiveListener, signal: AbortSignal): void {
  let attempt = 0;
  const poll = setInterval(() => {
    if (attempt > 0 && !document.hidden) listener.onChange(null);
  }, POLL);
  signal.addEventListener("abort", () => clearInterval(poll));
  void connect();

  async function connect(): Promise<void> {
    while (!signal.aborted) {
      await readStream().catch(() => undefined);
      if (signal.aborted) return;
      attempt += 1;
      await pause(Math.min(LONGEST_RETRY, RETRY * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2), signal);
    }
  }

  async function readStream(): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE);
    const read = createEventParser((data) => dispatch(JSON.parse(data)));
    try {
      const response = await openEvents(AbortSignal.any([signal, silence.signal]));
      if (!response.ok || response.body === null) return;
      listener.onChange(null);
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
        attempt = 0;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE);
        read(piece.value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function dispatch(event: AdminEvent): void {
    if (event.type === "change") listener.onChange(event.sites);
    else listener.onHealth(event);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
