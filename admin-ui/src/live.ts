import type { AdminEvent } from "../../src/admin/schema/responses.ts";
import { openEvents } from "./api.ts";
import { createEventParser } from "./model/parse-events.ts";

export interface LiveListener {
  /** These sites changed, in this version of the state; `null`: anything may have. */
  onChange(change: Extract<AdminEvent, { type: "change" }> | null): void;
  onHealth(event: Extract<AdminEvent, { type: "health" }>): void;
}

const POLL_MS = 10_000;
const MIN_RETRY_MS = 2_000;
const MAX_RETRY_MS = 30_000;
/** A comment comes every 20 seconds: a stream that is silent for longer is dead. */
const MAX_SILENCE_MS = 45_000;

/** Follows what others do. While the stream is away, it polls; after each return, everything is read again. */
export function followChanges(listener: LiveListener, signal: AbortSignal): void {
  let attempt = 0;
  const poll = setInterval(() => {
    if (attempt > 0 && !document.hidden) listener.onChange(null);
  }, POLL_MS);
  signal.addEventListener("abort", () => clearInterval(poll));
  void connect();

  async function connect(): Promise<void> {
    while (!signal.aborted) {
      await untilVisible(signal);
      await readStream().catch(() => undefined);
      if (signal.aborted) return;
      // Reading shows whether the stream alone is gone, or the connection.
      if (attempt === 0) listener.onChange(null);
      attempt += 1;
      await pause(Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2), signal);
    }
  }

  async function readStream(): Promise<void> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    // Over HTTP/1.1 a browser has six connections to a server: tabs out of sight must not hold them all.
    document.addEventListener("visibilitychange", end, { once: true });
    addEventListener("offline", end, { once: true });
    let timer = setTimeout(end, MAX_SILENCE_MS);
    const read = createEventParser((data) => dispatch(JSON.parse(data)));
    try {
      const response = await openEvents(AbortSignal.any([signal, ended.signal]));
      if (!response.ok || response.body === null) return;
      listener.onChange(null);
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
        attempt = 0;
        clearTimeout(timer);
        timer = setTimeout(end, MAX_SILENCE_MS);
        read(piece.value);
      }
    } finally {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", end);
      removeEventListener("offline", end);
    }
  }

  function dispatch(event: AdminEvent): void {
    if (event.type === "change") listener.onChange(event);
    else listener.onHealth(event);
  }
}

function untilVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
