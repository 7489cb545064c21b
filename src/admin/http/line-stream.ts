import type { Clock } from "../../clock.ts";

/** An answer of JSON lines that goes on for a while. */
export interface LineStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Sends a line, unless the client has not read the ones before it. */
  offer(line: object): void;
  /** Sends the last line, whatever the client has read. Idempotent. */
  end(line: object): void;
}

/** Longest time without a line, in milliseconds: proxies end answers that stand still, often after a minute. */
const ALIVE_MS = 3_000;
/** Number of unread lines above which further ones are left out. */
const MAX_UNREAD = 4;

/** `onCancel` is called when the client has disconnected. */
export function lineStream(clock: Clock, onCancel: () => void): LineStream {
  const encoder = new TextEncoder();
  let output: ReadableStreamDefaultController<Uint8Array> | null = null;
  let stopTimer = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      output = controller;
      setTimer();
    },
    cancel() {
      close();
      onCancel();
    },
  });

  function close(): void {
    stopTimer();
    output = null;
  }

  function setTimer(): void {
    stopTimer();
    stopTimer = clock.setTimer(() => offer({ event: "alive" }), ALIVE_MS);
  }

  function write(line: object): void {
    output?.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
  }

  function offer(line: object): void {
    if (output === null) return;
    if ((output.desiredSize ?? 0) > -MAX_UNREAD) write(line);
    setTimer();
  }

  return {
    body,
    offer,
    end(line) {
      write(line);
      output?.close();
      close();
    },
  };
}
