import type { Clock } from "../clock.ts";
import type { AllowReason, BlockReason, Decision } from "../engine/decide/decision.ts";
import { inForce } from "../engine/decide/in-force.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { messageOf } from "../errors.ts";
import type { FeedStatus } from "../feed/feed.ts";
import { statusError } from "../gate-status.ts";
import type { Logger } from "../logger.ts";
import { ALL_SITES } from "../state/site-record.ts";
import { createTally, type GateCounters } from "./counters.ts";
import { type DecidedRequest, decidedMessage, NO_CHANNELS } from "./diagnostics.ts";
import type { GateEvent, SwitchedEvent } from "./gate-event.ts";

export type GateListener = (event: GateEvent) => unknown;

/** The reports of one gate: events to listeners, messages to the runtime's diagnostics channels, and counts. */
export interface Telemetry {
  /** Looks up the diagnostics channels. Never rejects. */
  findChannels(): Promise<void>;
  subscribe(listener: GateListener): () => void;
  /** Called for decisions made while something may be closed. */
  decided(decision: Decision, request: DecidedRequest): void;
  /** Called when the gate has another snapshot. */
  replaced(snapshot: Snapshot): void;
  /** Called when the state of the feed has changed. */
  statusChanged(status: FeedStatus): void;
  /** Returns the counts of the sites in `snapshot`. */
  counters(snapshot: Snapshot): GateCounters;
}

export function createTelemetry({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }): Telemetry {
  const listeners = new Set<GateListener>();
  const blocked = createTally<BlockReason>();
  const bypassed = createTally<AllowReason>();
  let channels = NO_CHANNELS;
  let held: Held | null = null;

  function emit(event: GateEvent): void {
    for (const listener of listeners) void call(listener, event);
  }

  async function call(listener: GateListener, event: GateEvent): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      logger.error(`A listener threw: ${messageOf(error)}`);
    }
  }

  return {
    async findChannels() {
      try {
        channels = (await import("#platform")).openChannels();
      } catch (error) {
        logger.debug(`There are no diagnostics channels: ${messageOf(error)}`);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    decided(decision, request) {
      if (decision.outcome === "defer" || (decision.outcome === "allow" && !decision.bypass)) return;
      if (decision.outcome === "block") blocked.add(decision.site, decision.reason);
      else bypassed.add(decision.site ?? ALL_SITES, decision.reason);
      const channel = decision.outcome === "block" ? channels.blocked : channels.bypassed;
      if (channel.hasSubscribers) channel.publish(decidedMessage(decision, request));
    },
    replaced(snapshot) {
      const before = held;
      held = { snapshot, at: clock.now() };
      if (listeners.size === 0 && !channels.switched.hasSubscribers) return;
      if (!isChange(before, held)) return;
      emit({ type: "changed", version: snapshot.version, at: held.at });
      for (const event of switchedSites(before, held)) {
        if (channels.switched.hasSubscribers) channels.switched.publish(event);
        emit(event);
      }
    },
    statusChanged({ state, error }) {
      if (state === "starting" || state === "closed") return;
      emit({ type: "status", state, error: statusError(error), at: clock.now() });
    },
    counters({ sites }) {
      const isKnown = (site: string): boolean => sites.has(site);
      return { blocked: blocked.counts(isKnown), bypassed: bypassed.counts(isKnown) };
    },
  };
}

/** A snapshot and the time from which it applied, in epoch milliseconds. */
export interface Held {
  readonly snapshot: Snapshot;
  readonly at: number;
}

/** Returns one event per site whose mode in force, or the affected part of the site, differs. Before the first load (`null`) everything counts as open. */
export function switchedSites(before: Held | null, after: Held): readonly SwitchedEvent[] {
  const { snapshot, at } = after;
  const known = before?.snapshot.sites.keys() ?? [];
  const ids =
    before === null || isSwitchedForAll(before.snapshot, snapshot)
      ? new Set([...snapshot.sites.keys(), ...known])
      : // Sites whose closure has ended are compiled again: the same object means the same mode.
        snapshot.sites.changedSince(before.snapshot.sites);
  const events: SwitchedEvent[] = [];
  for (const site of ids) {
    const was = before === null ? null : inForce(before.snapshot, site, "anywhere", before.at);
    const { mode: to, until, only } = inForce(snapshot, site, "anywhere", at);
    const from = was?.mode ?? "open";
    if (from === to && (was?.only ?? []).join() === only.join()) continue;
    events.push({ type: "switched", site, from, to, only, until, version: snapshot.version, at });
  }
  return events;
}

/** Whether `after` contains anything that differs from `before`. */
function isChange(before: Held | null, { snapshot }: Held): boolean {
  const old = before?.snapshot;
  if (old === undefined || old.version !== snapshot.version || old.lineage !== snapshot.lineage) return true;
  return snapshot.sites.changedSince(old.sites).length > 0;
}

/** Whether a site that applies to every request has changed. */
function isSwitchedForAll(before: Snapshot, after: Snapshot): boolean {
  return before.forAll.some((site, index) => site !== after.forAll[index]);
}
