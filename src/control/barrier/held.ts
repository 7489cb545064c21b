import { MaintenanceError } from "../../errors.ts";
import { parseBarrier } from "../../fleet/barrier.ts";
import type { ProcessIdentity } from "../../fleet/row.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Barrier } from "../../stores/members.ts";
import { MIN_SILENCE_MS } from "./is-abandoned.ts";

/** A barrier or hold, as other operators see it. */
export interface HeldView {
  readonly id: string;
  readonly seq: number;
  readonly sites: readonly string[];
  /** It belongs to a command that runs behind it, and stays until that ends. */
  readonly isHold: boolean;
  readonly phase: "arming" | "closing" | "proven" | "lost";
  /** `on`, `run`, or the name of a program. Empty for a barrier of a later release, and if the caller may not see it. */
  readonly label: string;
  readonly host: string;
  readonly pid: number;
  /** When it began, RFC 3339. Empty for a barrier of a later release. */
  readonly since: string;
  /** Milliseconds since its holder renewed it, by both wall clocks. */
  readonly quiet: number;
  /** The holder has ended, as a process on the same machine can see. A command that it has started may still run. */
  readonly hasEnded: boolean;
}

/** Returns whether a process is alive; `undefined` if that cannot be checked from here. */
type IsAlive = (process: ProcessIdentity) => boolean | undefined;

/** Returns what is known of a barrier. One of a later release counts as a hold. `now` is in epoch milliseconds. */
export function viewBarrier(barrier: Barrier, now: number, isAlive: IsAlive = () => undefined): HeldView {
  const { id, seq, targets: sites } = barrier;
  try {
    const { isHold, phase, holder } = parseBarrier(barrier);
    const { host, pid } = holder.process;
    const { label, since } = holder;
    const quiet = Math.max(0, now - parseInstant(holder.renewed ?? since));
    const hasEnded = isAlive(holder.process) === false;
    return { id, seq, sites, isHold, phase, label, host, pid, since, quiet, hasEnded };
  } catch {
    const unknown = { label: "", host: "", pid: 0, since: "", quiet: 0, hasEnded: false };
    return { id, seq, sites, isHold: true, phase: "closing", ...unknown };
  }
}

/** Returns `'run' on db-1 (pid 7), silent for 3 min; the command may still run`. */
export function describeHolder({ isHold, phase, label, host, pid, since, quiet, hasEnded }: HeldView): string {
  const unnamed = since === "" ? "a later release of this package" : "a running command";
  const who = label === "" ? unnamed : `'${label}' on ${host} (pid ${pid})`;
  if (hasEnded) return `${who}, which has ended${isHold ? "; its command may still run" : ""}`;
  if (quiet < MIN_SILENCE_MS && phase !== "lost") return who;
  const minutes = Math.floor(quiet / 60_000);
  const time = minutes === 0 ? `${Math.floor(quiet / 1_000)} s` : `${minutes} min`;
  return `${who}, silent for ${time}${isHold ? "; the command may still run" : ""}`;
}

/** `ERR_HELD`, with what is in the way. */
export class HeldError extends MaintenanceError {
  readonly held: readonly HeldView[];

  constructor(held: readonly HeldView[]) {
    super("ERR_HELD", messageOf(held), { hint: hintOf(held) });
    this.held = held;
  }
}

function messageOf([first]: readonly HeldView[]): string {
  return first === undefined
    ? "Held by another barrier."
    : `Held by ${describeHolder(first)}: ${first.sites.join(", ")}.`;
}

function hintOf([first]: readonly HeldView[]): string {
  return first?.isHold === true
    ? "Wait until it ends. If its command no longer runs: `run --take-over`, or `off --anyway` to open the site (`anyway: true` in a program and in the API)."
    : "Wait until it ends, or add --queue.";
}
