import { type Effect, isFollowing } from "../../control/fleet/await-effect.ts";
import { type Follower, SHORT_ID } from "../../control/fleet/follower.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { LEASE_MS } from "../../fleet/barrier.ts";
import type { Store } from "../../stores/store.ts";
import { listSome } from "../../text/list.ts";
import { processNames } from "../output/describe-effect.ts";
import { MAX_CLOCK_OFFSET_MS, offsetWords } from "../output/fleet-table.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../session.ts";
import { formatSpan } from "../times/format-time.ts";

const SUBJECT = "processes";

/** Returns findings about the processes that follow the state. */
export async function examineFleet({ fleet }: Pick<Project, "fleet">, session: Session): Promise<readonly Finding[]> {
  let effect: Effect;
  try {
    effect = await fleet.look();
  } catch {
    // The state cannot be read, which is a finding of its own.
    return [];
  }
  if (effect.list === "none") {
    return [okFinding(SUBJECT, "this store keeps no list of them, so no command can say which have applied a change")];
  }
  if (effect.list === "unreachable") return [errorFinding(SUBJECT, withoutStop(effect.reason), effect.hint)];
  const { processes, unnamed, version } = effect;
  const followers = processes.filter(isFollowing);
  const applied = followers.filter(({ state }) => state === "applied");
  return [
    followers.length === 0
      ? warnFinding(
          SUBJECT,
          "no process follows this state",
          "Start the application, or compare its store with this one. A gate with `fleet: false` is not listed.",
        )
      : okFinding(SUBJECT, `${followers.length} follow, ${applied.length} of them at version ${version}`),
    ...examineProcesses(processes, session),
    ...unnamed.map((group) =>
      warnFinding("groups", `no process names ${group}: closing it closes nothing`, GROUP_HINT),
    ),
  ];
}

const GROUP_HINT = "Name it in the option `groups` of the applications that depend on it.";

interface Check {
  readonly concerns: (one: Follower) => boolean;
  readonly words: (one: Follower) => string;
  readonly hint: string;
}

function examineProcesses(processes: readonly Follower[], { context, program }: Session): readonly Finding[] {
  const names = processNames(processes);
  const followers = processes.filter(isFollowing);
  const newest = [context.version, ...followers.flatMap(({ library }) => library ?? [])].reduce((a, b) =>
    isOlder(a, b) ? b : a,
  );
  const checks: readonly Check[] = [
    {
      concerns: ({ state }) => state === "silent",
      words: ({ id, heard }) =>
        `silent${heard === null ? "" : ` for ${formatSpan(heard)}`}, id ${id.slice(0, SHORT_ID)}`,
      hint: `They may be dead, cut off or stopped. For one that is known to be dead: ${program} fleet forget ID`,
    },
    {
      concerns: ({ state }) => state === "behind" || state === "other-lineage",
      words: ({ state, version }) =>
        state === "behind"
          ? version === null
            ? "has never loaded the state"
            : `at version ${version}`
          : "follows another state",
      hint: "Look again in a few seconds. If it stays so, check that they reach the store.",
    },
    {
      concerns: ({ state }) => state === "overridden",
      words: ({ override }) => `goes by the override '${override}'`,
      hint: "Remove MAINTENANCE_MODE or the option `override` there, and restart.",
    },
    {
      concerns: ({ state }) => state === "unguarded",
      words: () => "no longer checks requests",
      hint: "Its guard was removed: restart it.",
    },
    {
      concerns: ({ state }) => state === "unreadable",
      words: () => "its row cannot be read",
      hint: "It may be of a later release: update maintenance-mode here.",
    },
    {
      concerns: (one) => isFollowing(one) && one.wallOffset !== null && Math.abs(one.wallOffset) > MAX_CLOCK_OFFSET_MS,
      words: ({ wallOffset }) => `its clock differs by ${offsetWords(wallOffset)}`,
      hint: "Synchronise the clocks with NTP: each process applies ends and windows by its own clock.",
    },
    {
      concerns: (one) => isFollowing(one) && one.library !== null && isOlder(one.library, newest),
      words: ({ library }) => `release ${library}, and ${newest} is in use`,
      hint: "Update maintenance-mode there.",
    },
    {
      concerns: (one) => isFollowing(one) && (one.loopDelay ?? 0) > LEASE_MS / 3,
      words: ({ loopDelay }) => `its event loop stood still for ${formatSpan(loopDelay ?? 0)}`,
      hint: "A process that stands still for seconds renews late: look for synchronous work.",
    },
  ];
  return checks.flatMap(({ concerns, words, hint }) => {
    const found = processes.filter(concerns).map((one) => `${names.get(one.id)} (${words(one)})`);
    return found.length === 0 ? [] : [warnFinding(SUBJECT, listSome(found), hint)];
  });
}

/** Compares releases by their numbers; a suffix such as `-beta.1` does not count. */
function isOlder(one: string, other: string): boolean {
  const numbers = (release: string): readonly number[] => release.split("-", 1).join().split(".").map(Number);
  const [a, b] = [numbers(one), numbers(other)];
  const place = b.findIndex((number, index) => number !== a[index]);
  return place !== -1 && (a[place] ?? 0) < (b[place] ?? 0);
}

/** Tests writing without a change: there is no such row. */
export async function examineListWriting({ members }: Store): Promise<readonly Finding[]> {
  if (members === undefined) return [];
  const id = crypto.randomUUID();
  try {
    await members.renew({ id, text: "{}" }, { list: id, seq: 1 });
    return [];
  } catch (error) {
    const hint = error instanceof MaintenanceError ? error.hint : "Check the rights of this account.";
    const message = `the list cannot be written: ${withoutStop(messageOf(error))}`;
    return [warnFinding(SUBJECT, message, `Gates work without it, but no command sees them. ${hint}`)];
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}
