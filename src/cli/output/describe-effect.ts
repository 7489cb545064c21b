import { type Effect, isApplied, isFollowing } from "../../control/fleet/await-effect.ts";
import { type Follower, type FollowerState, SHORT_ID } from "../../control/fleet/follower.ts";
import { formatCount, formatList } from "../../text/list.ts";
import { plain } from "../../text/quote.ts";
import { formatSpan } from "../times/format-time.ts";

export interface EffectWords {
  /** Name of the store. */
  readonly store: string;
  /** The command line before a command's name. */
  readonly program: string;
}

/** Number of processes that are named in one sentence. */
const MAX_NAMED = 3;

/** Returns what is known of the processes that follow a change: first those that have not applied it, with what to do. */
export function describeEffect(effect: Effect, words: EffectWords): readonly string[] {
  if (effect.list === "none") return [UNLISTED];
  if (effect.list === "unreachable") {
    return [`It is not known which processes have applied it: ${withStop(effect.reason)} ${effect.hint}`];
  }
  const { processes, unnamed, waited, isDone } = effect;
  const followers = processes.filter(isFollowing);
  const applied = followers.filter(isApplied);
  const names = processNames(processes);
  const others = describeOthers(processes, names, words);
  const groups = unnamed.map(
    (group) => `No process names the group ${group}: it closes nothing. Gates name it in the option \`groups\`.`,
  );
  if (followers.length === 0) {
    const store = `Is the application using another store? It was written to ${words.store}.`;
    return [...others, `No process follows this state. ${store}`, ...groups];
  }
  const within = `(${Math.round(waited / 100) / 10} s)`;
  const concerned = followers.filter(({ state }) => state !== "not-mine");
  const all = nameSome(applied, names);
  if (isDone && concerned.length === 1)
    return [...others, `1 process follows: ${all}; it has applied it ${within}.`, ...groups];
  if (isDone) {
    const count = formatCount(concerned.length);
    return [...others, `${count} processes follow: ${all}; all have applied it ${within}.`, ...groups];
  }
  if (concerned.length === 0) return [...others, ...groups];
  const some = `${formatCount(applied.length)} of ${formatCount(concerned.length)} processes`;
  const verb = applied.length === 1 ? "has" : "have";
  const summary =
    applied.length === 0 ? `No process has confirmed it ${within}.` : `${some} ${verb} applied it ${within}: ${all}.`;
  return [...others, summary, ...groups];
}

/** Returns one line on the processes that follow, for `status`; none if the store has no list. */
export function summarizeFollowers(effect: Effect, { program }: Pick<EffectWords, "program">): readonly string[] {
  if (effect.list === "none") return [];
  if (effect.list === "unreachable") return [`It is not known which processes follow: ${withStop(effect.reason)}`];
  const { processes, version } = effect;
  const followers = processes.filter(isFollowing);
  const silent = processes.filter(({ state }) => state === "silent").length;
  const more = silent === 0 ? "" : `; ${formatCount(silent)} more ${silent === 1 ? "is" : "are"} silent`;
  const see = `See: ${program} status --fleet`;
  if (followers.length === 0) return [`No process follows this state${more}.${silent === 0 ? "" : ` ${see}`}`];
  const count = followers.length === 1 ? "1 process follows" : `${formatCount(followers.length)} processes follow`;
  const rest = followers.filter((one) => !isApplied(one));
  if (rest.length === 0) {
    const all = followers.length === 1 ? "" : "all ";
    return [`${count}, ${all}at version ${version}${more}.${silent === 0 ? "" : ` ${see}`}`];
  }
  const names = processNames(processes);
  return [`${count}, ${formatCount(rest.length)} not at version ${version}: ${nameSome(rest, names)}${more}. ${see}`];
}

const UNLISTED = "It is not known which processes have applied it: this store keeps no list of them.";

/** Returns a name for each process by its id: its label, and the process id or the host where labels are the same. */
export function processNames(processes: readonly Follower[]): ReadonlyMap<string, string> {
  const count = (key: (one: Follower) => string): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const one of processes) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
    return counts;
  };
  const withPid = ({ label, pid }: Follower): string => `${plain(label)} (pid ${pid})`;
  const withHost = ({ label, host, pid }: Follower): string => `${plain(label)} (${plain(host ?? "")}, pid ${pid})`;
  const [labels, pids, hosts] = [count(({ label }) => label), count(withPid), count(withHost)];
  return new Map(
    processes.map((one) => {
      if (labels.get(one.label) === 1) return [one.id, plain(one.label)];
      if (one.pid !== null && pids.get(withPid(one)) === 1) return [one.id, withPid(one)];
      if (one.pid !== null && hosts.get(withHost(one)) === 1) return [one.id, withHost(one)];
      return [one.id, `${plain(one.label)} (${one.id.slice(0, SHORT_ID)})`];
    }),
  );
}

/** Returns the state of a process in a few words: `behind by 2`. */
export function stateWords({ state, lag, override, version }: Follower): string {
  if (state === "overridden") return `override: ${override}`;
  if (state !== "behind") return STATE_WORDS[state];
  if (version === null) return "never loaded";
  return lag === null ? "behind" : `behind by ${lag}`;
}

const STATE_WORDS: Readonly<Record<FollowerState, string>> = {
  applied: "applied",
  behind: "behind",
  "other-lineage": "other state",
  overridden: "override",
  unguarded: "unguarded",
  unreadable: "unreadable",
  silent: "silent",
  leaving: "leaving",
  ended: "ended",
  "not-mine": "not concerned",
};

function describeOthers(
  processes: readonly Follower[],
  names: ReadonlyMap<string, string>,
  words: EffectWords,
): readonly string[] {
  const states = [...new Set(processes.map(({ state }) => state))];
  return states.flatMap((state) => {
    const describe = SENTENCES[state];
    if (describe === undefined) return [];
    const found = processes.filter((one) => one.state === state);
    return describe(found, nameSome(found, names), words);
  });
}

type Describe = (found: readonly Follower[], who: string, words: EffectWords) => readonly string[];

const SENTENCES: Partial<Readonly<Record<FollowerState, Describe>>> = {
  behind: (found, who, { program }) => [
    `Not applied by ${who}: ${heardWords(found)}. ${theirs(found)} visitors may still meet the old state. Check that ${it(found)} can reach the store. ${forgetWords(found, program)}`,
  ],
  silent: (found, who, { program }) => [
    `Silent: ${who}, ${heardWords(found)}. It is not known whether ${found.length === 1 ? "it runs" : "they run"}. ${forgetWords(found, program)}`,
  ],
  overridden: (found, who) => [
    `Overridden in ${who}: ${found.length === 1 ? `the override '${found[0]?.override}' decides` : "an override decides"} there, whatever is stored. Remove MAINTENANCE_MODE or the option \`override\` there, and restart.`,
  ],
  "other-lineage": (found, who, { store }) => [
    `Not applied by ${who}: ${found.length === 1 ? "it follows" : "they follow"} another state, such as a copy or one from before the store was lost. Check that ${it(found)} can reach ${store}.`,
  ],
  unguarded: (found, who) => [
    `Unguarded: ${who} no longer ${found.length === 1 ? "checks" : "check"} requests: a guard was removed there. Restart ${found.length === 1 ? "it" : "them"}.`,
  ],
  leaving: (found, who) => [`Not applied by ${who}: ${found.length === 1 ? "it is" : "they are"} shutting down.`],
  unreadable: (found, who) => [
    `It is not known whether ${who} ${found.length === 1 ? "has" : "have"} applied it: ${found.length === 1 ? "its row" : "their rows"} cannot be read, and may be of a later release.`,
  ],
  ended: (found, who) => [
    `${who} ${found.length === 1 ? "has ended: it was" : "have ended: they were"} removed from the list.`,
  ],
  "not-mine": (found, who) => [
    `Not concerned: ${who}, which ${found.length === 1 ? "does" : "do"} not name the group.`,
  ],
};

function it(found: readonly Follower[]): string {
  return found.length === 1 ? "it runs and" : "they run and";
}

function theirs(found: readonly Follower[]): string {
  return found.length === 1 ? "Its" : "Their";
}

/** Returns `at version 11, last heard 40 s ago`, of several the one that was heard last. */
function heardWords(found: readonly Follower[]): string {
  const versions = new Set(found.map(({ version }) => version));
  const [version] = versions;
  const at = versions.size !== 1 ? [] : [version === null ? "the state was never loaded" : `at version ${version}`];
  const times = found.flatMap(({ heard }) => (heard === null ? [] : [heard]));
  const heard = times.length === 0 ? [] : [`last heard ${formatSpan(Math.min(...times))} ago`];
  return [...at, ...heard].join(", ") || "not heard yet";
}

function forgetWords(found: readonly Follower[], program: string): string {
  const id = found.length === 1 ? found[0]?.id.slice(0, SHORT_ID) : "ID";
  const list = found.length === 1 ? "" : ` (${program} fleet shows the ids)`;
  return `If it is known to be dead: ${program} fleet forget ${id}${list}`;
}

function nameSome(found: readonly Follower[], names: ReadonlyMap<string, string>): string {
  const first = found.slice(0, MAX_NAMED).map(({ id }) => names.get(id) ?? id);
  const more = found.length - first.length;
  return more === 0 ? formatList(first) : `${first.join(", ")} and ${formatCount(more)} more`;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
