/// <reference lib="esnext.disposable" preserve="true" />
import { createGuessLimiter } from "./bypass/guess-limiter.ts";
import { keepAlive, monotonic } from "./clock.ts";
import type { NormalOptions } from "./config/normal-options.ts";
import { normalizeOptions, toPathRules } from "./config/normalize-options.ts";
import type { MaintenanceOptions } from "./config/options.ts";
import { configuredPatterns, withUsablePatterns } from "./config/usable-patterns.ts";
import { plainPage } from "./engine/answer/plain-page.ts";
import { planAdmission } from "./engine/answer/plan-admission.ts";
import { planResponse } from "./engine/answer/plan-response.ts";
import { ReadyAnswers } from "./engine/answer/ready-answers.ts";
import { decide, decideLimitingGuesses } from "./engine/decide/decide.ts";
import { inForce, type Where } from "./engine/decide/in-force.ts";
import { compileSnapshot, neverLoadedSnapshot, type Snapshot } from "./engine/snapshot/snapshot.ts";
import { messageOf } from "./errors.ts";
import { createFeed, type Feed } from "./feed/feed.ts";
import type { BarrierTarget } from "./fleet/barrier.ts";
import { heldTargets, isEarlier, withoutEnds } from "./fleet/hold.ts";
import type { Presence } from "./fleet/presence.ts";
import { UnderWay } from "./fleet/under-way.ts";
import { DescribedWork } from "./fleet/work.ts";
import { bindSnapshot, fenceSnapshot } from "./gate/bind-snapshot.ts";
import { GuardedServers } from "./gate/guarded-servers.ts";
import { type Hold, type HoldOptions, holdWork } from "./gate/hold.ts";
import { attachInternals, type GateInternals } from "./gate/internals.ts";
import { compileOptions, loadPage, loadTemplate, openDefaultStore, timersRun } from "./gate/load.ts";
import { loadPresence, requireStrictList } from "./gate/load-presence.ts";
import { presentGate } from "./gate/present-gate.ts";
import { type Readiness, readinessOf } from "./gate/readiness.ts";
import { withinStartTimeout } from "./gate/start-timeout.ts";
import { openWaits, type WhenOpenOptions } from "./gate/when-open.ts";
import { type GateStatus, gateStatus } from "./gate-status.ts";
import { formatAddress } from "./rules/addresses/format.ts";
import { loadLinearRegExp, usesLinearRegExp } from "./rules/linear-regexp.ts";
import { compilePathMatcher } from "./rules/paths/matcher.ts";
import { compareModes, type Mode } from "./state/mode.ts";
import { ALL_SITES } from "./state/site-record.ts";
import type { State } from "./state/state.ts";
import type { Store } from "./stores/store.ts";
import type { GateCounters } from "./telemetry/counters.ts";
import type { GateEvent } from "./telemetry/gate-event.ts";
import { createTelemetry } from "./telemetry/telemetry.ts";
import { nextTurn } from "./turn.ts";

/** Milliseconds between two checks of the clock. */
const CLOCK_LOOK_MS = 1_000;
/** Milliseconds by which the clock may be set back before closures that have ended are checked again. */
const MAX_STEP_BACK_MS = 1_000;

/**
 * The gate of an application: it follows the store, reports whether sites are closed, and decides on requests for the adapters.
 * @example await using gate = createGate(options); // closed at the end of the block
 */
export interface Gate extends AsyncDisposable {
  /** Starts to follow the store. Adapters call it. Idempotent. */
  start(): void;
  /**
   * Starts, and resolves when the state is loaded, or when `startTimeout` has passed; keeps the process alive until then. Never rejects:
   * the status contains the error.
   * @example await gate.ready();
   */
  ready(): Promise<GateStatus>;
  /** Returns the state of this gate and of its store, for health checks and operators. */
  status(): GateStatus;
  /**
   * Returns the mode in force on a site, including the effect of `*`, the groups and an override. If only a part of the site is closed, this is
   * the mode of that part, as in `status` and the admin; with a path, the mode of that path. For templates and health routes.
   *
   * @param site The id of the site; for an unknown one the mode of `*` is returned. @default "*"
   * @param where `anywhere`, or a path such as `/`. @default "anywhere"
   * @example gate.mode("shop", "/checkout")
   */
  mode(site?: string, where?: Where): Mode;
  /**
   * Returns whether `mode` blocks visitors: true for `paused` and `closed`, false for `open` and `read-only`.
   * @example if (gate.isClosed("shop")) response.render("soon");
   */
  isClosed(site?: string, where?: Where): boolean;
  /** Reads the store now, without waiting for the next poll, and returns the status. */
  refresh(): Promise<GateStatus>;
  /**
   * Calls `listener` with each event, and returns a function that ends the subscription. If a listener throws or rejects, the error is
   * logged; the gate and the other listeners are not affected.
   * @example const unsubscribe = gate.subscribe((event) => console.log(event));
   */
  subscribe(listener: (event: GateEvent) => unknown): () => void;
  /** Returns the numbers of requests that were blocked, and that passed although their site was closed. */
  counters(): GateCounters;
  /**
   * Reports work that is no request, such as a job of a queue, so that a closure that waits for the work of all processes waits for it too.
   * Release it when the work has ended. It does not wait: see `whenOpen`.
   *
   * @param label The name of the work for operators: 1 to 200 characters.
   * @throws MaintenanceError `ERR_INVALID_OPTION`
   * @example using job = gate.hold("export", { site: "shop" });
   */
  hold(label: string, options?: HoldOptions): Hold;
  /**
   * Resolves when the mode in force anywhere on a site is `open`, at once if it is; the other modes, `read-only` included, hold the caller.
   * Starts to follow the store, waits for the first load as `ready` does, and keeps the process alive. Rejects with the reason of the
   * signal, or with `ERR_ALREADY_CLOSED` when the gate is closed, and with `ERR_INVALID_OPTION` for an invalid option.
   * @example await gate.whenOpen({ site: "shop", signal });
   */
  whenOpen(options?: WhenOpenOptions): Promise<void>;
  /**
   * Returns whether the process can take requests, for a readiness probe. True on a closed site, which the gate answers.
   * @example response.status(gate.readiness().ready ? 200 : 503).end();
   */
  readiness(): Readiness;
  /** Stops following the store. Closes the store if the gate opened it; a store from the options stays open. Idempotent. */
  close(): Promise<void>;
}

/**
 * Creates a gate. Synchronous: nothing is read before `start`, `ready` or the first request.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION`, or the code of an invalid value such as `ERR_INVALID_HOST`.
 * @example const gate = createGate({ sites: { shop: { hosts: ["shop.example"] } } });
 */
export function createGate(options: MaintenanceOptions = {}): Gate {
  return gateFor(normalizeOptions(options));
}

/** The same, for options that are complete. */
export function gateFor(normal: NormalOptions): Gate {
  const { clock, logger } = normal;
  const onRequestOnly = !timersRun();
  requireStrictList(normal, onRequestOnly);
  const guesses = createGuessLimiter((address) => {
    const who = address === undefined ? "A client whose address is not known" : `The client ${formatAddress(address)}`;
    logger.warn(
      `${who} has presented too many wrong tokens or forged cookies of bypass links. Valid ones still work. This is logged once; guessLimitReached in the gate's status is the time of the last case.`,
    );
  });
  const telemetry = createTelemetry(normal);
  let compiling = compileOptions(usable(normal), plainPage, onRequestOnly);
  let base = neverLoadedSnapshot(compiling);
  let state: State | null = null;
  /** An earlier version of the state, which applies when no closure is held any more. */
  let postponed: State | null = null;
  let held: readonly BarrierTarget[] = [];
  let feed: Feed | null = null;
  let presence: Presence | null = null;
  let ownStore: Store | null = null;
  let starting: Promise<void> | null = null;
  let settled = false;
  let refreshDue = 0;
  let cancelLook = (): void => {};
  let compiledAt = Number.NEGATIVE_INFINITY;
  let lookFailure = "";
  let ended = false;
  const waits = openWaits(
    (site) => gate.mode(site) === "open",
    () => gate.ready(),
  );

  const gate: Gate = {
    start() {
      // On Workers each of the first requests starts the gate: work that another request has started is cancelled when that one ends.
      if (starting !== null && (settled || !onRequestOnly)) return;
      starting = withinStartTimeout(begin(), normal).then(() => {
        settled = true;
      });
    },
    async ready() {
      gate.start();
      if (starting !== null && !settled) await keepAlive(starting);
      return gate.status();
    },
    status: () =>
      gateStatus(current(), feed?.status() ?? null, presence?.status() ?? null, guesses.reached, clock.now()),
    mode: (site = ALL_SITES, where = "anywhere") => inForce(current(), site, where, clock.now()).mode,
    isClosed: (site, where) => compareModes(gate.mode(site, where), "read-only") > 0,
    async refresh() {
      await gate.ready();
      await feed?.refresh();
      return gate.status();
    },
    subscribe: telemetry.subscribe,
    counters: () => telemetry.counters(base),
    hold: (label, options) => holdWork(inside.underWay, label, options),
    whenOpen: waits.whenOpen,
    readiness: () => readinessOf(base, inside.isFenced()),
    async close() {
      ended = true;
      waits.end();
      cancelLook();
      await Promise.all([feed?.close(), presence?.close()]);
      await ownStore?.close();
    },
    [Symbol.asyncDispose]: () => gate.close(),
  };
  const inside: { -readonly [Key in keyof GateInternals]: GateInternals[Key] } = {
    ...gate,
    snapshot: base,
    options: normal,
    servers: new GuardedServers(() => presence?.moved()),
    underWay: isCounting(normal.store) ? new UnderWay({ clock, logger, snapshot: () => inside.snapshot }) : null,
    settle() {
      if (!settled) {
        gate.start();
        return starting;
      }
      if (onRequestOnly) lookAtClock();
      if (!onRequestOnly || feed === null || clock.now() < refreshDue) return null;
      refreshDue = clock.now() + normal.pollInterval;
      return feed.refresh();
    },
    decide(facts) {
      const snapshot = inside.snapshot.binding === null ? inside.snapshot : current();
      const decision = decideLimitingGuesses(facts, snapshot, clock, guesses);
      telemetry.decided(decision, facts);
      return decision;
    },
    isFenced: () => presence !== null && presence.fence() !== null,
    decideAgain: (facts) => decide(facts, current(), clock.now()),
    plan(decision, facts) {
      const now = clock.now();
      if (decision.outcome === "admit") return planAdmission(decision, facts, inside.snapshot, now);
      const plan = planResponse(decision, facts, inside.snapshot, now);
      return presence?.isLatched === true ? { ...plan, closes: true } : plan;
    },
    readyAnswer(request, target, source, encoding) {
      const { snapshot } = inside;
      if (snapshot.binding !== null) return null;
      if (ready.snapshot !== snapshot) ready = new ReadyAnswers(snapshot, normal);
      // An answer depends on the time only if a closure has an end.
      const now = snapshot.nextEdge === Number.POSITIVE_INFINITY ? 0 : clock.now();
      const answer = ready.find(request, target, source, now);
      if (answer === null) return null;
      telemetry.decided(answer.block, { method: request.method ?? "GET", target });
      return answer.plan(now, encoding);
    },
    keepAnswer(request, facts) {
      if (ready.snapshot === inside.snapshot) ready.add(request, facts, clock.now());
    },
    addOperatorPaths(patterns) {
      const own = inside.options.operatorPaths;
      const added = patterns.filter((pattern) => !own.some((rule) => rule.pattern === pattern));
      if (added.length === 0) return;
      inside.options = { ...inside.options, operatorPaths: [...own, ...toPathRules(added, "operators")] };
      const operatorPaths = compilePathMatcher(usable(inside.options).operatorPaths, inside.options);
      compiling = { ...compiling, policy: { ...compiling.policy, operatorPaths } };
      replace({ ...base, policy: { ...base.policy, operatorPaths } });
    },
    countRequest(facts) {
      const work = new DescribedWork(facts);
      inside.underWay?.add(work);
      return { end: () => work.end(), [Symbol.dispose]: () => work.end() };
    },
  };
  let ready = new ReadyAnswers(inside.snapshot, normal);
  attachInternals(gate, inside);
  return gate;

  async function begin(): Promise<void> {
    await telemetry.findChannels();
    const [page, template, presenceOf] = await Promise.all([
      loadPage(logger),
      loadTemplate(normal),
      onRequestOnly ? null : loadPresence(normal),
    ]);
    if (usesLinearRegExp(configuredPatterns(inside.options))) {
      await loadLinearRegExp().catch((error: unknown) => {
        logger.error(`The regular expressions of the configuration are ignored: ${messageOf(error)}`);
      });
    }
    if (normal.store === null) ownStore ??= await openDefaultStore(logger);
    const store = normal.store ?? ownStore;
    if (!isCounting(store)) inside.underWay = null;
    if (feed === null) {
      compiling = compileOptions(usable(inside.options), page, onRequestOnly, template);
      replace(neverLoadedSnapshot(compiling));
      if (store === null || ended) return;
      const isStarting = (): boolean => !settled && normal.startTimeout > 0;
      feed = createFeed({
        ...normal,
        store,
        nextTurn,
        onRequestOnly,
        isStarting,
        onState,
        onRefused,
        onStatus: telemetry.statusChanged,
      });
      presence = presenceOf?.(store, presentGate(parts(feed))) ?? null;
      onBarriers();
      presence?.start();
    }
    refreshDue = clock.now() + normal.pollInterval;
    await feed.start();
    // A strict gate lets nothing in before.
    if (normal.fleet === "strict") await presence?.listed();
  }

  function usable(options: NormalOptions): NormalOptions {
    return withUsablePatterns(options, (error) => logger.error(`A pattern is ignored: ${messageOf(error)}`));
  }

  function onState(next: State): void {
    const isHeld = held.length > 0 && isEarlier(next, state);
    if (isHeld) logger.warn("An earlier version of the state does not apply while a command holds a closure.");
    postponed = isHeld ? next : null;
    if (isHeld) return;
    compile(next);
    const isElsewhere = next.version !== state?.version || next.lineage !== state.lineage;
    state = next;
    if (isElsewhere) presence?.moved();
  }

  /** Returns the snapshot for a decision at this moment. */
  function current(): Snapshot {
    const { snapshot } = inside;
    return snapshot.binding === null || presence === null ? snapshot : fenceSnapshot(snapshot, presence.fence());
  }

  function replace(next: Snapshot): void {
    base = next;
    inside.snapshot = bindSnapshot(base, presence);
  }

  function onBarriers(): void {
    const before = JSON.stringify(held);
    held = heldTargets(presence?.barriers ?? []);
    replace(base);
    waits.check();
    if (state === null || JSON.stringify(held) === before) return;
    if (held.length === 0 && postponed !== null) onState(postponed);
    else compile(state);
  }

  function parts(of: Feed): Parameters<typeof presentGate>[0] {
    return {
      snapshot: () => base,
      options: () => inside.options,
      underWay: () => inside.underWay,
      servers: inside.servers,
      feed: of,
      onBarriers,
    };
  }

  /** A stored state that cannot be read does not count as never loaded: every site is closed, whatever `whenNeverLoaded` is. */
  function onRefused(): void {
    if (ended || !base.neverLoaded) return;
    replace({ ...base, policy: { ...base.policy, whenNeverLoaded: "closed" } });
    replaced();
  }

  /** Replaces the snapshot by one assignment: a request sees the old one or the new one, never a part of each. */
  function compile(next: State): void {
    if (ended) return;
    const now = clock.now();
    const previous = base.neverLoaded ? null : base;
    replace(compileSnapshot(withoutEnds(next, held, normal.ignoreCase), compiling, now, previous));
    compiledAt = now;
    lookSoon();
    replaced();
  }

  function replaced(): void {
    telemetry.replaced(base);
    waits.check();
  }

  /** Counting needs a list of processes in the store, for which the work is counted. `null`: the default store, which is not open yet. */
  function isCounting(store: Store | null): boolean {
    return normal.fleet !== false && !onRequestOnly && (store === null || store.members !== undefined);
  }

  /** Compiles again if a closure has ended since, or has not ended yet because the clock was set back, which no timer reports. */
  function lookAtClock(): void {
    try {
      const now = clock.now();
      const isCurrent = now < base.nextEdge && now > compiledAt - MAX_STEP_BACK_MS;
      if (state === null || isCurrent) return;
      compile(state);
      lookFailure = "";
    } catch (error) {
      const failure = `The end of a closure could not be applied, and will be retried: ${messageOf(error)}`;
      if (failure !== lookFailure) logger.error(failure);
      lookFailure = failure;
    }
  }

  function lookSoon(): void {
    cancelLook();
    if (onRequestOnly || ended) return;
    const left = base.nextEdge - clock.now();
    const delay = left > 0 ? Math.min(left, CLOCK_LOOK_MS) : CLOCK_LOOK_MS;
    const due = monotonic(clock) + delay;
    cancelLook = clock.setTimer(() => {
      presence?.paused(monotonic(clock) - due);
      lookAtClock();
      lookSoon();
    }, delay);
  }
}
