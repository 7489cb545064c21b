import * as v from "valibot";
import { WORK_POLICIES, type WorkPolicy } from "../../fleet/barrier.ts";
import { parseDuration } from "../../state/duration.ts";
import { closedObject, parsesWith, validate } from "../../validation/validate.ts";
import type { WaitProgress } from "./wait-result.ts";

/** How `close` waits until every process has closed the sites and has ended its requests. */
export interface WaitOptions {
  /**
   * Maximum time of the whole wait, as a duration.
   * @default "5m"
   */
  readonly timeout?: string | undefined;
  /**
   * Maximum time until all processes have said that they keep the lease. Then the sites are closed all the same.
   * @default "5s"
   */
  readonly arm?: string | undefined;
  /**
   * Number of processes that must have closed. The only protection from processes that are not on the list.
   * @default any number, at least one
   */
  readonly expect?: number | undefined;
  /**
   * Time after which the last requests of processes that fell silent are assumed to have ended, as a duration.
   * @default none: their end is unknown, and the exit is 5
   */
  readonly acceptEvicted?: string | undefined;
  /**
   * Whether exemptions of users still apply. Otherwise the gate in front decides as for anonymous clients during the wait.
   * @default they do not apply
   */
  readonly users?: "keep" | undefined;
  /**
   * Answers that have been running for more than 10 seconds: wait for them, destroy them, or do not count them.
   * @default "wait"
   */
  readonly streams?: WorkPolicy | undefined;
  /**
   * Upgraded connections, such as WebSocket.
   * @default "wait"
   */
  readonly sockets?: WorkPolicy | undefined;
  /**
   * Time after which gates destroy the requests that are still under way, as a duration.
   * @default never
   */
  readonly cut?: string | undefined;
  /**
   * Accepts that the `surfaces` of the configuration are not on the list.
   * @default refused: the exit is 6
   */
  readonly surfaces?: "ok" | undefined;
  /**
   * Waits while another barrier is in the way, instead of rejecting with `ERR_HELD`.
   * @default false
   */
  readonly queue?: boolean | undefined;
  /** Ends the wait: the exit is 6. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what is known, twice a second. */
  readonly onProgress?: ((progress: WaitProgress) => void) | undefined;
}

/** Complete and valid: times are in milliseconds. */
export interface NormalWait {
  readonly timeout: number;
  readonly arm: number;
  readonly expect: number | null;
  readonly acceptEvicted: number | null;
  readonly keepsUsers: boolean;
  readonly streams: WorkPolicy;
  readonly sockets: WorkPolicy;
  readonly cutAfter: number | null;
  readonly acceptsSurfaces: boolean;
  readonly queue: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: WaitProgress) => void;
}

const duration = (description: string) =>
  v.optional(v.pipe(v.string(), parsesWith(parseDuration), v.description(description)));
const policy = (description: string) => v.optional(v.pipe(v.picklist(WORK_POLICIES), v.description(description)));
const literal = <Literal extends string>(value: Literal, description: string) =>
  v.optional(v.pipe(v.literal(value), v.description(description)));

/** The options that are data, with descriptions for the API. */
export const waitEntries = {
  timeout: duration("The longest wait. Left out: `5m`."),
  arm: duration("The longest wait before closing, for all processes to get ready. Left out: `5s`."),
  expect: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(100_000),
      v.description("So many processes have to close."),
    ),
  ),
  acceptEvicted: duration("After this time, the requests of silent processes count as ended."),
  users: literal("keep", "Lets exempt users in during the wait."),
  streams: policy("Answers of over 10 seconds. Left out: `wait`."),
  sockets: policy("Upgraded connections. Left out: `wait`."),
  cut: duration("Destroys requests that are still under way after this time. Left out: never."),
  surfaces: literal("ok", "Accepts the `surfaces` of the configuration."),
  queue: v.optional(v.pipe(v.boolean(), v.description("Waits while another barrier is on the same site."))),
};

const waitSchema: v.GenericSchema<unknown, WaitOptions> = closedObject({
  ...waitEntries,
  signal: v.optional(v.instance(AbortSignal)),
  onProgress: v.optional(v.custom<(progress: WaitProgress) => void>((value) => typeof value === "function")),
});

/** Throws `ERR_INVALID_COMMAND`; the message begins with `subject`. */
export function normalizeWait(given: unknown, subject: string): NormalWait {
  const wait = validate(waitSchema, given, "ERR_INVALID_COMMAND", subject);
  const milliseconds = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text));
  return {
    timeout: parseDuration(wait.timeout ?? "5m"),
    arm: parseDuration(wait.arm ?? "5s"),
    expect: wait.expect ?? null,
    acceptEvicted: milliseconds(wait.acceptEvicted),
    keepsUsers: wait.users === "keep",
    streams: wait.streams ?? "wait",
    sockets: wait.sockets ?? "wait",
    cutAfter: milliseconds(wait.cut),
    acceptsSurfaces: wait.surfaces === "ok",
    queue: wait.queue ?? false,
    signal: wait.signal,
    onProgress: wait.onProgress ?? (() => {}),
  };
}
