/// <reference lib="esnext.disposable" preserve="true" />
import type { Clock } from "../clock.ts";
import type { NormalOptions } from "../config/normal-options.ts";
import type { ReceivedRequest, RequestSource } from "../engine/answer/ready-answers.ts";
import type { BodyEncoding, ResponsePlan } from "../engine/answer/response-plan.ts";
import type { Admit, Block, Decision } from "../engine/decide/decision.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { kindOf, MaintenanceError } from "../errors.ts";
import type { UnderWay } from "../fleet/under-way.ts";
import type { Gate } from "../gate.ts";
import type { Logger } from "../logger.ts";
import type { GuardedServers } from "./guarded-servers.ts";

/**
 * The side of a gate that adapters use: it decides on requests and plans what to answer. One object per gate. `snapshot` and `options`
 * are replaced as they change: read them from this object each time.
 */
export interface AdapterGate extends Gate {
  /** The state that the gate holds. Replaced whole with each change. */
  readonly snapshot: AdapterSnapshot;
  /** They hold the keys that sign cookies: do not log them. */
  readonly options: AdapterOptions;
  /**
   * Called before each decision. Returns a promise to wait for while the first load is under way, so that a restart lets no request
   * into a closed site, or, where no timer runs, while a refresh is due. Returns `null` when there is nothing to wait for. Never rejects.
   */
  settle(): Promise<void> | null;
  /**
   * Decides on a request. Synchronous, never throws. The decision `defer` names what has to be looked up first: the user or the
   * operation.
   */
  decide(facts: RequestFacts): Decision;
  /** Returns what to write to a request that was blocked, or that has opened a bypass link. */
  plan(decision: Block | Admit, facts: RequestFacts): ResponsePlan;
  /**
   * Lets these paths pass in every mode, lockdown included, as the option `operatorPaths` does. Idempotent.
   * @throws MaintenanceError `ERR_INVALID_PATTERN`
   */
  addOperatorPaths(patterns: readonly string[]): void;
  /**
   * Counts a request as under way until `end` of the result is called, for frameworks without the requests of Node or of the Fetch
   * standard. Call it when the request arrives, and `end` when its answer has been sent or the request is blocked.
   * @example using counted = inside.countRequest(facts);
   */
  countRequest(facts: RequestFacts): CountedRequest;
}

/** A request that counts as under way. */
export interface CountedRequest extends Disposable {
  /** Idempotent. */
  end(): void;
}

/** The members of a snapshot that adapters use. */
export interface AdapterSnapshot {
  /** Nothing is closed: a request may pass without being decided on. One property to read for each request. */
  readonly passAll: boolean;
  /** Of the state as a whole; 0 before the first load. */
  readonly version: number;
  /** The state was never loaded: `whenNeverLoaded` decides. */
  readonly neverLoaded: boolean;
}

/** The options of the gate that an adapter may need, with their defaults. */
export interface AdapterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** They sign the cookies of bypass links: never log or send them. */
  readonly keys: readonly string[];
  /** Whether bypass cookies are sent over HTTPS only. */
  readonly secureCookies: boolean;
  /** Whether path patterns ignore case. */
  readonly ignoreCase: boolean;
}

/** The same object, with all members that this package reads. */
export interface GateInternals extends AdapterGate {
  readonly snapshot: Snapshot;
  readonly options: NormalOptions;
  /** The work that has not ended; `null` if the gate counts nothing: without a list of processes there is no reader. */
  readonly underWay: UnderWay | null;
  readonly servers: GuardedServers;
  /** Whether the gate may no longer let requests in. */
  isFenced(): boolean;
  /** Decides and plans in one step for a request that is like one that was blocked before; returns `null` for any other. */
  readyAnswer<Request extends ReceivedRequest>(
    request: Request,
    target: string,
    source: RequestSource<Request>,
    encoding: BodyEncoding,
  ): ResponsePlan | null;
  /** Decides as `decide`, and counts nothing. */
  decideAgain(facts: RequestFacts): Decision;
  /** Keeps the answer to a request for which there was none, and that was then blocked. */
  keepAnswer(request: ReceivedRequest, facts: RequestFacts): void;
}

/**
 * The method of a gate that returns its internals. A registered symbol, so that gates of another copy of this package have the same. A
 * method that is not enumerable, so that logging a gate never shows its keys.
 */
const INTERNALS: unique symbol = Symbol.for("maintenance-mode.internals");

/** Returns the internals of `gate`: always the same object. Throws `ERR_INVALID_OPTION`, which names `caller`. */
export function gateInternals(gate: Gate, caller = "gateInternals"): GateInternals {
  const member: unknown = typeof gate === "object" && gate !== null ? Reflect.get(gate, INTERNALS) : null;
  const internals: unknown = typeof member === "function" ? member() : null;
  if (isInternals(internals)) return internals;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${caller}: ${nameOf(gate)} is not a gate.`, {
    hint: "Pass the object that createGate(options) has returned, not a copy of it.",
  });
}

/** Adds the method by which `gateInternals` finds `internals`, and hides members that contain keys from logs and JSON. */
export function attachInternals(gate: Gate, internals: GateInternals): void {
  for (const side of [gate, internals]) Object.defineProperty(side, INTERNALS, { value: () => internals });
  // They stay plain members: each request reads them.
  for (const name of ["snapshot", "options"]) Object.defineProperty(internals, name, { enumerable: false });
}

function isInternals(value: unknown): value is GateInternals {
  return typeof value === "object" && value !== null && "settle" in value && "decide" in value && "snapshot" in value;
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : kindOf(value);
}
