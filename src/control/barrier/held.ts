import { MaintenanceError } from "../../errors.ts";
import { parseBarrier } from "../../fleet/barrier.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Barrier } from "../../stores/members.ts";

/** A barrier or hold, as other operators see it. */
export interface HeldView {
  readonly id: string;
  readonly seq: number;
  readonly sites: readonly string[];
  /** It belongs to a command that runs behind it, and stays until that ends. */
  readonly isHold: boolean;
  readonly phase: "arming" | "closing" | "proven" | "lost";
  /** `on`, `run`, or the name of a program. Empty for a barrier of a later release. */
  readonly label: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since its holder renewed it, by both wall clocks. */
  readonly quiet: number;
}

/** Returns what is known of a barrier. One of a later release counts as a hold. `now` is in epoch milliseconds. */
export function viewBarrier(barrier: Barrier, now: number): HeldView {
  const { id, seq, targets: sites } = barrier;
  try {
    const { isHold, phase, holder } = parseBarrier(barrier);
    const { host, pid } = holder.process;
    const quiet = Math.max(0, now - parseInstant(holder.renewed ?? holder.since));
    return { id, seq, sites, isHold, phase, label: holder.label, host, pid, quiet };
  } catch {
    return { id, seq, sites, isHold: true, phase: "closing", label: "", host: "", pid: 0, quiet: 0 };
  }
}

/** Milliseconds of silence that are worth a word: several renewals of a hold are missing. */
const MIN_SILENCE_MS = 30_000;

/** Returns `'run' on db-1 (pid 7), silent for 3 min; the command may still run`. */
export function describeHolder({ isHold, phase, label, host, pid, quiet }: HeldView): string {
  const who = label === "" ? "a later release of this package" : `'${label}' on ${host} (pid ${pid})`;
  if (quiet < MIN_SILENCE_MS && phase !== "lost") return who;
  const minutes = Math.floor(quiet / 60_000);
  const time = minutes === 0 ? `${Math.floor(quiet / 1_000)} s` : `${minutes} min`;
  return `${who}, silent for ${time}${isHold ? "; the command may still run" : ""}`;
}

export function heldError(held: readonly Barrier[], now: number): MaintenanceError {
  const [first] = held.map((barrier) => viewBarrier(barrier, now));
  const sites = first?.sites.join(", ") ?? "";
  const who = first === undefined ? "another barrier" : describeHolder(first);
  const hint =
    first?.isHold === true
      ? "Wait until it ends. If its command no longer runs: `run --take-over`, or `off --anyway` to open the site."
      : "Wait until it ends, or add --queue.";
  return new MaintenanceError("ERR_HELD", `Held by ${who}: ${sites}.`, { hint });
}
