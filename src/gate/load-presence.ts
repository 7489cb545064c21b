import { systemClock } from "../clock.ts";
import type { NormalOptions } from "../config/normal-options.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import type { Presence, PresentGate } from "../fleet/presence.ts";
import type { Store } from "../stores/store.ts";

type PresenceOf = (store: Store, gate: PresentGate) => Presence | null;

/**
 * Returns what creates the presence of a gate over a store: `null` for a store that keeps no list of processes. Loaded when the gate
 * starts, as its page is. Returns `null` with the option `fleet: false`, and if it cannot be loaded, which is logged. A strict gate does
 * not start then.
 */
export async function loadPresence(normal: NormalOptions): Promise<PresenceOf | null> {
  const { fleet: level, label, clock, logger, random } = normal;
  if (level === false) return null;
  try {
    const [{ createPresence }, { describeProcess, isAlive }] = await Promise.all([
      import("../fleet/presence.ts"),
      import("#platform"),
    ]);
    const description = describeProcess();
    return ({ members, name }, gate) => {
      if (members === undefined) return null;
      return createPresence({
        ...description,
        // The time of an injected clock is not that of the machine.
        uptime: clock === systemClock ? description.uptime : null,
        ...gate,
        members,
        name,
        level,
        label: label ?? description.process.host,
        clock,
        logger,
        random,
        mintId: () => crypto.randomUUID(),
        isAlive,
      });
    };
  } catch (error) {
    // Without its row it would let requests in that a command does not wait for.
    if (level === "strict") throw error;
    logger.error(`This process is not in the list of processes: ${messageOf(error)}`);
    return null;
  }
}

/** Throws `ERR_INVALID_OPTION` for a strict gate that could not be in a list of processes: no command would wait for it. */
export function requireStrictList({ fleet, store }: NormalOptions, onRequestOnly: boolean): void {
  if (fleet !== "strict") return;
  if (onRequestOnly) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "fleet: 'strict' needs timers, which do not run here.", {
      hint: "Set `fleet` to false here. Name this application in `surfaces`, so that commands say that they do not see it.",
    });
  }
  if (store === null || store.members !== undefined) return;
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `fleet: 'strict' needs a list of processes, and ${store.name} keeps none.`,
    { hint: "Set `fleet` to 'presence', or use a file, SQLite, PostgreSQL, MySQL, Redis, NATS or object storage." },
  );
}
