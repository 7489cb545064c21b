import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";

interface Hints {
  readonly each: AsyncIterable<unknown>;
  /** Whether the hints ended because another subscription is better, and not because the connection was lost. */
  goesOn(): boolean;
  stop(): void;
}

export interface NatsPlace {
  /** Name of the store, for messages. */
  readonly name: string;
  readonly bucket: string;
  /** Whether the bucket exists and is not empty. */
  isWritten(signal: AbortSignal): Promise<boolean>;
}

/** As `Store.watch`. */
export async function watchNats(
  connection: SharedConnection<NatsLink>,
  { name, bucket, isWritten }: NatsPlace,
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let goesOn = true, isFirst = true; goesOn; isFirst = false) {
      const hints = await connection.use(async (link, ending) => {
        const first = hintsOfFirst(link, bucket);
        if (isFirst && !(await isWritten(ending))) return first;
        first.stop();
        const found = await hintsOfChanges(link);
        if (ending.aborted) found.stop();
        return found;
      }, signal);
      signal.addEventListener("abort", hints.stop, { once: true });
      listener();
      for await (const _ of hints.each) listener();
      signal.removeEventListener("abort", hints.stop);
      goesOn = hints.goesOn() && !signal.aborted;
    }
    if (signal.aborted) return;
    throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: the connection was lost while watching.`);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The keys of the changes of all generations. */
const CHANGES = "*.change.*";

/** Hints from the changes of all generations. */
async function hintsOfChanges({ kv }: NatsLink): Promise<Hints> {
  const changes = await kv.watch({ key: CHANGES, include: "updates", headers_only: true });
  return { each: changes, goesOn: () => false, stop: () => changes.stop() };
}

/** A hint from the first change, while the bucket is empty or missing. */
function hintsOfFirst({ connection }: NatsLink, bucket: string): Hints {
  const first = connection.subscribe(`$KV.${bucket}.${CHANGES}`, { max: 1 });
  return { each: first, goesOn: () => !connection.isClosed(), stop: () => first.unsubscribe() };
}
