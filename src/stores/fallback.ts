import { type Clock, systemClock } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import { isMaintenanceError, MaintenanceError, messageOf } from "../errors.ts";
import { keepCopies } from "./fallback/copies.ts";
import { examineFallback } from "./fallback/examine.ts";
import { followLead } from "./fallback/lead.ts";
import { copyMember, leadingMember, type Member } from "./fallback/member.ts";
import { firstAnswer } from "./fallback/race.ts";
import type { CommitResult, Store } from "./store.ts";

export interface FallbackOptions {
  /** Milliseconds that a read waits for one store before it asks the next as well, 1 to 60,000. Default: 1,000. */
  readonly patience?: number | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** A chain of stores that is one store. */
export interface Fallback extends Store {
  /** The name of the store that gave the last answer; before there was one, of the first. */
  readonly current: string;
}

/** Milliseconds after which an answer that nobody waits for any more is given up. */
const LONGEST_ANSWER = 10_000;

/**
 * Reads the first store that answers, and writes to the first of all only: a change that cannot reach it is refused with
 * `ERR_STORE_UNAVAILABLE`. What the first says is copied into the others. What it promises is what the first does, except that during an
 * outage of the first a copy may be older than what others have written; it is never older than what the first has said in this
 * process. Only a store that is away is replaced: a state that cannot be read, or tables that are missing, are reported.
 * `close()` closes all of them. Throws `ERR_INVALID_OPTION`.
 */
export function fallback(
  ...given: readonly [Store, Store, ...Store[]] | readonly [Store, Store, ...Store[], FallbackOptions]
): Fallback {
  const { first, others, patience, clock } = checkFallback(given);
  const name = [first, ...others].map((store) => store.name).join(", else ");
  const copies = keepCopies({ first, others, clock });
  const lead = followLead(first, clock, copies.follow);
  const leader = leadingMember(first, lead);
  const copied = others.map((store, index) => copyMember(store, index + 1, lead));
  const closing = new AbortController();
  let current = first;

  function begin(signal: AbortSignal | undefined): AbortSignal {
    closing.signal.throwIfAborted();
    signal?.throwIfAborted();
    return signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  }

  async function read<T>(
    wanted: AbortSignal | undefined,
    ask: (member: Member, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = begin(wanted);
    let silent = false;
    const candidates = (lead.leads() ? [leader, ...copied] : [...copied, leader]).map((member) => ({
      async ask() {
        const work = (ending: AbortSignal): Promise<T> => ask(member, ending);
        const answer = withinDeadline({ name: member.store.name, milliseconds: LONGEST_ANSWER, signal, clock }, work);
        if (member !== leader) return { member, answer: await answer };
        silent = true;
        try {
          return { member, answer: await answer };
        } catch (error) {
          if (isOutage(error) && !signal.aborted) lead.failed();
          throw error;
        } finally {
          silent = false;
        }
      },
      isFinal: (error: unknown) => signal.aborted || (member === leader && !isOutage(error)),
    }));
    try {
      const { member, answer } = await firstAnswer(candidates, patience, clock);
      if (silent) lead.failed();
      current = member.store;
      return answer;
    } catch (error) {
      throw error instanceof AggregateError ? nobodyAnswers(error) : error;
    }
  }

  /** Not given up when the store closes: a change that is under way is finished. */
  async function write(signal: AbortSignal | undefined, work: () => Promise<CommitResult>): Promise<CommitResult> {
    begin(signal);
    const began = lead.begin();
    try {
      const result = await work();
      lead.answered(began, result.ok ? result.position : result.current);
      return result;
    } catch (error) {
      if (signal?.aborted || !isOutage(error)) throw error;
      lead.failed();
      throw refused(error);
    }
  }

  function refused(cause: unknown): MaintenanceError {
    const readFrom = current === first ? others.map((store) => store.name).join(" or ") : current.name;
    const message = `Changes go to ${first.name} and nowhere else: ${messageOf(cause)} Meanwhile the state is read from ${readFrom}.`;
    const hint = "Switch again once it answers; `npx maintenance-mode doctor` says what is wrong.";
    return new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint, cause });
  }

  return {
    name,
    capabilities: first.capabilities,
    get current() {
      return current.name;
    },
    ...(first.migrations && { migrations: first.migrations }),
    load: ({ sites, signal } = {}) => read(signal, (member, ending) => member.load({ sites, signal: ending })),
    changesSince: (position, { signal } = {}) =>
      read(signal, (member, ending) => member.changesSince(position, ending)),
    history: (query, { signal } = {}) => read(signal, (member, ending) => member.history(query, ending)),
    commit: (draft, options) => write(options?.signal, () => first.commit(draft, options)),
    importState: (content, over, options) => write(options?.signal, () => first.importState(content, over, options)),
    async examine({ signal } = {}) {
      const ending = begin(signal);
      await withinDeadline({ name, milliseconds: LONGEST_ANSWER, signal: ending, clock }, copies.settled).catch(
        () => {},
      );
      return examineFallback({ first, others, copies, clock, longestAnswer: LONGEST_ANSWER }, ending);
    },
    ...(first.watch && {
      async watch(listener: () => void, { signal }: { readonly signal: AbortSignal }) {
        begin(undefined);
        if (signal.aborted) return;
        const hear = (): void => {
          lead.retry();
          listener();
        };
        await first.watch?.(hear, { signal: AbortSignal.any([signal, closing.signal]) });
        if (!signal.aborted) closing.signal.throwIfAborted();
      },
    }),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`));
      // So that a program that only switches leaves a copy too.
      await withinDeadline({ name, milliseconds: patience, clock }, copies.settled).catch(() => {});
      copies.end();
      await Promise.all([first, ...others].map((store) => store.close()));
    },
  };
}

/** Whatever needs a person's hand is no outage: to go on with a copy would hide it. */
function isOutage(error: unknown): boolean {
  return !isMaintenanceError(error) || error.code === "ERR_STORE_UNAVAILABLE";
}

function nobodyAnswers(cause: AggregateError): MaintenanceError {
  const reasons = [...new Set(cause.errors.map(messageOf))].join(" ");
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `No store answers. ${reasons}`, { cause });
}

interface CheckedFallback {
  readonly first: Store;
  readonly others: readonly Store[];
  readonly patience: number;
  readonly clock: Clock;
}

const OPTIONS: readonly string[] = ["patience", "clock"];

/** Throws `ERR_INVALID_OPTION`. */
function checkFallback(given: readonly (Store | FallbackOptions)[]): CheckedFallback {
  const last = given.at(-1);
  const hasOptions = typeof last === "object" && last !== null && !isStore(last);
  const options: FallbackOptions = hasOptions ? last : {};
  const members = hasOptions ? given.slice(0, -1) : given;
  const stores = members.map((member, index) => {
    if (isStore(member)) return member;
    throw invalid(
      `fallback: what stands at ${index + 1} is no store.`,
      "Give stores, such as fileStore(), and then the options.",
    );
  });
  const [first, ...others] = stores;
  if (first === undefined || others.length === 0) {
    throw invalid(
      `fallback has ${stores.length} of the stores that it needs.`,
      "Give at least two: the one that counts, and a copy.",
    );
  }
  if (new Set(stores).size < stores.length) {
    throw invalid(`fallback has '${first.name}' twice.`, "A store cannot stand in for itself: name another.");
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw invalid(`fallback has no option '${unknown}'.`, "It has 'patience'.");
  const { patience = 1_000, clock = systemClock } = options;
  if (typeof patience !== "number" || !(patience >= 1 && patience <= 60_000)) {
    throw invalid(`fallback: patience '${patience}' is out of range.`, "Use 1 to 60,000 milliseconds.");
  }
  return { first, others, patience, clock };
}

function isStore(value: unknown): value is Store {
  return typeof value === "object" && value !== null && "load" in value && "commit" in value && "importState" in value;
}

function invalid(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
}
