import type { MemberList } from "../../stores/members.ts";
import type { CommandResult } from "../controller.ts";
import { weakeningOf } from "./compare-closure.ts";
import { askWith, type BarrierEnvironment, barrierTimes, pause } from "./environment.ts";
import { parseMemberOrNull } from "./judge-members.ts";
import type { HeldBarrier } from "./plan.ts";
import type { WaitReason } from "./wait-result.ts";
import { createWriter, type PreparedCommand } from "./write-once.ts";

/** A closure that is held while a command runs. Nothing ever opens because its holder fell silent. */
export interface Hold {
  /** Renews the hold until `end`, and calls `onChange` once for each kind of change that others have made. Never rejects. */
  keep(onChange: (reason: WaitReason) => void): void;
  /** Restores the sites if asked to and if they are still held, and ends the hold. */
  end(restores: boolean): Promise<HoldEnd>;
}

export interface HoldEnd {
  /** The changes of others meanwhile. If there is anything, nothing was restored. */
  readonly reasons: readonly WaitReason[];
  readonly restored: boolean;
  /** Sites that another change has switched since: they stay as they are. */
  readonly switched: readonly string[];
}

interface Holding {
  readonly held: HeldBarrier;
  readonly members: MemberList;
  readonly env: BarrierEnvironment;
  /** Reads the held sites. */
  readonly close: PreparedCommand;
  readonly change: CommandResult;
  readonly restore: PreparedCommand;
}

const MAX_ATTEMPTS = 5;
const HISTORY = 50;

export function createHold({ held, members, env, close, change, restore }: Holding): Hold {
  const { store, clock } = env;
  const { own, left, lineage } = held;
  const times = barrierTimes(members);
  const ask = askWith(env, undefined);
  const stopping = new AbortController();
  const reasons: WaitReason[] = [];
  const details = {
    ...held.details,
    targets: held.details.targets.map((target) => ({
      ...target,
      version: left.targets.get(target.site)?.version ?? null,
    })),
  };
  let listener = (_reason: WaitReason): void => {};
  let keeping: Promise<void> = Promise.resolve();
  let seen = change.position.version;

  function found(reason: WaitReason): void {
    const known = reasons.some((other) => other.kind === reason.kind);
    if (known) return;
    reasons.push(reason);
    listener(reason);
  }

  async function look(): Promise<void> {
    const holder = { ...details.holder, renewed: new Date(clock.now()).toISOString() };
    if ((await own.write({ ...details, holder }, ask)) !== "ok") {
      found({ kind: "swept" });
      return;
    }
    const state = await ask(() => close.load());
    if (state.lineage !== lineage) {
      found({ kind: "restored" });
      return;
    }
    const weakening = weakeningOf(left, state, clock.now()) ?? (await openedMeanwhile(state.version));
    if (weakening !== null) found(weakening);
    if (details.phase === "proven") await findOpen();
  }

  /** A site that was opened and closed again between two looks. */
  async function openedMeanwhile(version: number): Promise<WaitReason | null> {
    if (version === seen) return null;
    const changes = await ask((signal) => store.history({ limit: HISTORY }, { signal }));
    const since = changes.filter((it) => it.version > seen).flatMap(({ records }) => records);
    seen = version;
    const opened = since.find(({ id, after }) => left.targets.has(id) && isOpen(after));
    return opened === undefined ? null : { kind: "opened", site: opened.id, what: "it was opened and closed again" };
  }

  /** A process that lets requests in whatever is stored: it has started since with an override, or a guard was removed there. */
  async function findOpen(): Promise<void> {
    const listing = await ask((signal) => members.list({ signal }));
    for (const row of listing.rows) {
      const member = parseMemberOrNull(row);
      if (member === null || row.evicted !== null) continue;
      const kind = member.override === "open" ? "overridden" : member.state === "unguarded" ? "unguarded" : null;
      if (kind !== null) found({ kind, label: member.label, host: member.process.host, pid: member.process.pid });
    }
  }

  async function renewing(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(clock, times.renewal, stopping.signal);
      if (stopping.signal.aborted || reasons.some(({ kind }) => kind === "swept")) return;
      // A store that does not answer is asked again: the hold stays.
      await look().catch(() => {});
    }
  }

  async function persist<T>(work: () => Promise<T>): Promise<T | null> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === MAX_ATTEMPTS) found({ kind: "store", message: String(error) });
        else await pause(clock, times.look);
      }
    }
    return null;
  }

  async function putBack(): Promise<CommandResult | null> {
    const writer = createWriter(store, restore);
    return await persist(async () => {
      for (;;) {
        const written = await writer.attempt(ask);
        if (written !== null) return written;
      }
    });
  }

  return {
    keep(onChange) {
      listener = onChange;
      keeping = renewing();
    },
    async end(restores) {
      stopping.abort();
      await keeping;
      if (!reasons.some(({ kind }) => kind === "swept")) await persist(look);
      const written = restores && reasons.length === 0 ? await putBack() : null;
      await persist(() => own.remove(ask));
      const outcomes = written?.outcomes ?? [];
      return {
        reasons,
        restored: written !== null,
        switched: outcomes.filter(({ effect }) => effect === "unchanged").map(({ site }) => site),
      };
    },
  };
}

function isOpen(after: string | null): boolean {
  if (after === null) return true;
  const record: unknown = JSON.parse(after);
  const mode = typeof record === "object" && record !== null && "mode" in record ? record.mode : "open";
  return mode === "open";
}
