/** Times are those of `process.hrtime`, which all processes of one machine share, in milliseconds. */
export interface WriterMessage {
  readonly type: "written";
  readonly version: number;
  /** When the command was given. */
  readonly commanded: number;
  /** Just before a new file replaced the old one: no process can know of the flip earlier. `null` if no file was replaced. */
  readonly replaced: number | null;
}

export interface FollowerMessage {
  readonly type: "seen";
  readonly version: number;
  readonly at: number;
}

/** A bare notification arrived. */
export interface WatcherMessage {
  readonly type: "notified";
  readonly at: number;
}

export interface ReadyMessage {
  readonly type: "ready";
}

export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Sends a message to the parent process, which exists because these programs are always forked. */
export function tell(message: WriterMessage | FollowerMessage | WatcherMessage | ReadyMessage): void {
  process.send?.(message);
}

/** Milliseconds after which a listener reports: the parent must not take a processor from a listener that is still at work. */
const REPORTED_AFTER_MS = 2;

export function tellLater(message: FollowerMessage | WatcherMessage): void {
  setTimeout(tell, REPORTED_AFTER_MS, message);
}
