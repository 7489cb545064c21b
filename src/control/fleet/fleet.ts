import type { NormalOptions } from "../../config/normal-options.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Position } from "../../stores/store.ts";
import type { HeldView } from "../barrier/held.ts";
import { readHolds } from "../barrier/holds.ts";
import type { CommandResult } from "../controller.ts";
import { awaitEffect, type Effect, type FleetSource, MAX_EFFECT_MS } from "./await-effect.ts";
import type { Expected, Follower } from "./follower.ts";
import { type ForgetOptions, forgetMember } from "./forget-member.ts";

/** The processes that follow a state, for the command line: over the store itself, or over the admin's API. */
export interface Fleet {
  /** Returns which processes have applied a change, after at most three seconds. Never rejects because of a list that cannot be read. */
  effectOf(result: CommandResult): Promise<Effect>;
  /** Returns the processes as they are now, compared with the state at `position`, by default the stored one. */
  look(position?: Position): Promise<Effect>;
  /** Returns the barriers and holds that are on. */
  holds(): Promise<readonly HeldView[]>;
  /** Removes a process that is known to be dead. Throws as `forgetMember` does. */
  forget(id: string, options: ForgetOptions): Promise<Follower>;
}

export function fleetOf(source: FleetSource & Pick<NormalOptions, "sites" | "groups">): Fleet {
  return {
    effectOf: (result) => awaitEffect(source, expectedOf(result, source), MAX_EFFECT_MS),
    async look(position) {
      const { groups, store } = source;
      const { lineage, version } = position ?? (await store.load({ sites: [ALL_SITES] }));
      return await awaitEffect(source, { position: { lineage, version }, mode: null, sites: [], groups }, 0);
    },
    holds: () => readHolds(source),
    forget: (id, options) => forgetMember(source, id, options),
  };
}

/** Returns what each process should have applied after a command. */
export function expectedOf(
  { outcomes, position }: Pick<CommandResult, "outcomes" | "position">,
  {
    sites: configured,
    groups,
  }: Pick<NormalOptions, "groups"> & { readonly sites: Pick<NormalOptions["sites"], "get"> },
): Expected {
  const changed = outcomes.filter(({ effect }) => effect !== "skipped");
  const hasHosts = ({ site, before, after }: (typeof changed)[number]): boolean =>
    site === ALL_SITES || [configured.get(site), after?.hosts, before?.hosts].some((hosts) => (hosts?.length ?? 0) > 0);
  const isGroup = (outcome: (typeof changed)[number]): boolean => groups.includes(outcome.site) || !hasHosts(outcome);
  return {
    position,
    mode: changed[0]?.after?.mode ?? "open",
    sites: changed.map(({ site }) => site),
    groups: changed.filter(isGroup).map(({ site }) => site),
  };
}
