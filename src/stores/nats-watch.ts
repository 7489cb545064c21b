import { MaintenanceError } from "../errors.ts";
import type { NatsLink } from "./nats-client.ts";
import { isNoBucket } from "./nats-error.ts";
import type { SharedConnection } from "./shared-connection.ts";

interface Hints {
  readonly each: AsyncIterable<unknown>;
  /** Whether they ended for a better place to listen, and not because the connection was lost. */
  goesOn(): boolean;
  stop(): void;
}

/** As `Store.watch`. */
export async function watchNats(
  connection: SharedConnection<NatsLink>,
  { name, bucket }: { readonly name: string; readonly bucket: string },
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let goesOn = true; goesOn; ) {
      const hints = await connection.use(async (link, ending) => {
        const found = await hintsOf(link, bucket);
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

/** Of the changes of all lives; while there is no bucket, of the first message that is meant for it. */
async function hintsOf({ kv, connection }: NatsLink, bucket: string): Promise<Hints> {
  try {
    const changes = await kv.watch({ key: "*.change.*", include: "updates", headers_only: true });
    return { each: changes, goesOn: () => false, stop: () => changes.stop() };
  } catch (error) {
    if (!isNoBucket(error)) throw error;
    const first = connection.subscribe(`$KV.${bucket}.>`, { max: 1 });
    return { each: first, goesOn: () => !connection.isClosed(), stop: () => first.unsubscribe() };
  }
}
