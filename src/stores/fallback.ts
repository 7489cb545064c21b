import * as v from "valibot";
import { type Clock, systemClock } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import { isMaintenanceError, MaintenanceError, messageOf } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { milliseconds, optionError } from "./driver/options.ts";
import { keepCopies } from "./fallback/copies.ts";
import { examineFallback } from "./fallback/examine.ts";
import { followLead } from "./fallback/lead.ts";
import { copyMember, leadingMember, type Member } from "./fallback/member.ts";
import { firstAnswer } from "./fallback/race.ts";
import type { CommitResult, Store } from "./store.ts";

/** @example { primary: postgresStore({ url }), copies: [fileStore()] } */
export interface FallbackStoreOptions {
  /** The store that takes all changes, and that reads go to while it answers. */
  readonly primary: Store;
  /** Stores to read from while the primary is away, the preferred one first: usually one file on the same machine. */
  readonly copies: readonly [Store, ...Store[]];
  /**
   * Milliseconds that a read waits for one store before it also asks the next: 1 to 60,000.
   * @default 1_000
   */
  readonly patience?: number | undefined;
  /**
   * For tests.
   * @default the system's clock
   */
  readonly clock?: Clock | undefined;
}

/** Several stores that act as one. */
export interface FallbackStore extends Store {
  /** Name of the store that answered last; of the primary before there was an answer. */
  readonly current: string;
}

/** Time limit of a call to one store, also once another store has answered. */
const MAX_ANSWER_MS = 10_000;

/**
 * Returns a store that reads from the first that answers of `primary` and `copies`. Changes go to the primary only: if it does not
 * answer, they reject with `ERR_STORE_UNAVAILABLE`. The state of the primary is copied to the copies.
 *
 * The capabilities are those of the primary, with one exception: during an outage of the primary, a copy may be older than the last
 * change of another process. It is never older than what the primary has returned in this process. Other failures, such as an
 * unreadable state or missing tables, are reported and not hidden by a copy. `close()` closes all stores.
 * @example
 * const store = fallbackStore({ primary: redisStore({ url: process.env.REDIS_URL }), copies: [fileStore()] });
 * @throws `ERR_INVALID_OPTION` for a missing primary or copy, for the same store twice and for an option that is unknown or invalid.
 */
export function fallbackStore(options: FallbackStoreOptions): FallbackStore {
  const { primary, copies: others, patience, clock } = checkOptions(options);
  const name = [primary, ...others].map((store) => store.name).join(", else ");
  const copies = keepCopies({ primary, others, clock });
  const lead = followLead(primary, clock, copies.follow);
  const leader = leadingMember(primary, lead);
  const copied = others.map((store, index) => copyMember(store, index + 1, lead));
  const closing = new AbortController();
  let current = primary;

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
        const answer = withinDeadline({ name: member.store.name, milliseconds: MAX_ANSWER_MS, signal, clock }, work);
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
      throw error instanceof AggregateError ? noAnswer(error) : error;
    }
  }

  /** `close()` does not cancel it: a change that has begun is finished. */
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
    const readFrom = current === primary ? others.map((store) => store.name).join(" or ") : current.name;
    const message = `Changes go to ${primary.name} only: ${messageOf(cause)} Meanwhile the state is read from ${readFrom}.`;
    const hint = "Try again once it answers. `npx maintenance-mode doctor` shows what is wrong.";
    return new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint, cause });
  }

  return {
    name,
    capabilities: primary.capabilities,
    get current() {
      return current.name;
    },
    ...(primary.migrations && { migrations: primary.migrations }),
    // A copy has no list: a process that reads it does not follow the primary.
    ...(primary.members && { members: primary.members }),
    load: ({ sites, signal } = {}) => read(signal, (member, ending) => member.load({ sites, signal: ending })),
    changesSince: (position, { signal } = {}) =>
      read(signal, (member, ending) => member.changesSince(position, ending)),
    history: (query, { signal } = {}) => read(signal, (member, ending) => member.history(query, ending)),
    commit: (draft, options) => write(options?.signal, () => primary.commit(draft, options)),
    importState: (content, over, options) => write(options?.signal, () => primary.importState(content, over, options)),
    async examine({ signal } = {}) {
      const ending = begin(signal);
      await withinDeadline({ name, milliseconds: MAX_ANSWER_MS, signal: ending, clock }, copies.settled).catch(
        () => {},
      );
      return examineFallback({ primary, others, copies, clock, longestAnswer: MAX_ANSWER_MS }, ending);
    },
    ...(primary.watch && {
      async watch(listener: () => void, { signal }: { readonly signal: AbortSignal }) {
        begin(undefined);
        if (signal.aborted) return;
        const hear = (): void => {
          lead.retry();
          listener();
        };
        await primary.watch?.(hear, { signal: AbortSignal.any([signal, closing.signal]) });
        if (!signal.aborted) closing.signal.throwIfAborted();
      },
    }),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`));
      // A program that changes the state and ends at once should leave a copy too.
      await withinDeadline({ name, milliseconds: patience, clock }, copies.settled).catch(() => {});
      copies.end();
      await Promise.all([primary, ...others].map((store) => store.close()));
    },
  };
}

/** A failure that an operator has to fix is no outage: reading from a copy would hide it. */
function isOutage(error: unknown): boolean {
  return !isMaintenanceError(error) || error.code === "ERR_STORE_UNAVAILABLE";
}

function noAnswer(cause: AggregateError): MaintenanceError {
  const reasons = [...new Set(cause.errors.map(messageOf))].join(" ");
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `No store answers. ${reasons}`, { cause });
}

const aStore = v.custom<Store>(isStore, "expected a store, such as fileStore()");
const schema = closedObject({
  primary: aStore,
  copies: v.pipe(v.array(aStore), v.minLength(1, "expected at least one store, such as [fileStore()]")),
  patience: milliseconds(1, 60_000, 1_000),
});

/** Throws `ERR_INVALID_OPTION`. */
function checkOptions(options: FallbackStoreOptions): v.InferOutput<typeof schema> & { readonly clock: Clock } {
  // Without options at all the schema names what is missing.
  const { clock = systemClock, ...own } = Object(options) as FallbackStoreOptions;
  const checked = validate(schema, own, "ERR_INVALID_OPTION", "fallbackStore");
  const stores = [checked.primary, ...checked.copies];
  const twice = stores.find((store, index) => stores.indexOf(store) < index);
  if (twice !== undefined) {
    const hint = "A store cannot be its own copy: pass another in 'copies'.";
    throw optionError(`fallbackStore has '${twice.name}' twice.`, hint);
  }
  return { ...checked, clock };
}

function isStore(value: unknown): value is Store {
  return typeof value === "object" && value !== null && "load" in value && "commit" in value && "importState" in value;
}
