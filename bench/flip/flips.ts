import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRandom } from "../measure/random.ts";
import type { FollowerMessage, ReadyMessage, WatcherMessage, WriterMessage } from "./messages.ts";
import { type Place, startPlace } from "./places.ts";

export interface Flip extends WriterMessage {
  /** When the gate's snapshot had the change; `null` if not within a second. */
  readonly seen: number | null;
  /** When the bare notification arrived at the process that listened before the gate, and at the one that listened after it. */
  readonly notified: readonly [before: number | null, after: number | null];
}

type Message = WriterMessage | FollowerMessage | WatcherMessage | ReadyMessage;

const LOST_AFTER = 1_000;

/** Measures flips one after the other over their own store, up to `spread` milliseconds apart. */
export async function measureFlips(store: string, count: number, spread: number): Promise<readonly Flip[]> {
  const place = await startPlace(store);
  const children: ChildProcess[] = [];
  try {
    const writer = await start("writer", place, children);
    await nextFlip(writer);
    // A server sends to one listener after the other: one bare listener starts before the gate, one after it.
    const before = await start("watcher", place, children);
    const follower = await start("follower", place, children);
    const after = await start("watcher", place, children);
    const seen: FollowerMessage[] = [];
    const notified: readonly [number[], number[]] = [[], []];
    let onSeen = (): void => {};
    follower.on("message", (message: Message) => {
      if (message.type === "seen") seen.push(message);
      onSeen();
    });
    for (const [side, watcher] of [before, after].entries()) {
      watcher.on("message", (message: Message) => {
        if (message.type === "notified") notified[side]?.push(message.at);
      });
    }

    const random = createRandom(count);
    const flips: Flip[] = [];
    for (let flip = 0; flip < count; flip++) {
      const written = await nextFlip(writer);
      const deadline = Date.now() + LOST_AFTER;
      const find = (): FollowerMessage | undefined => seen.find(({ version }) => version >= written.version);
      while (find() === undefined && Date.now() < deadline) {
        await Promise.race([new Promise<void>((resolve) => (onSeen = resolve)), delay(LOST_AFTER)]);
      }
      await delay(5 + random() * spread);
      const arrivalIn = (moments: readonly number[]): number | null =>
        moments.find((moment) => moment >= (written.replaced ?? written.commanded)) ?? null;
      flips.push({ ...written, seen: find()?.at ?? null, notified: [arrivalIn(notified[0]), arrivalIn(notified[1])] });
      for (const moments of [seen, ...notified]) moments.length = 0;
    }
    return flips;
  } finally {
    for (const child of children) await stop(child);
    await place.stop();
  }
}

async function start(name: string, { store, options }: Place, children: ChildProcess[]): Promise<ChildProcess> {
  const place = JSON.stringify({ store, options });
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), [place], { execArgv: [] });
  children.push(child);
  await once(child, "message");
  return child;
}

async function nextFlip(writer: ChildProcess): Promise<WriterMessage> {
  const answer = once(writer, "message");
  writer.send("flip");
  const [message] = (await answer) as [Message];
  if (message.type !== "written") throw new Error(`The writer said '${message.type}' and not 'written'.`);
  return message;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
