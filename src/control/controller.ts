/// <reference lib="esnext.disposable" preserve="true" />
import * as v from "valibot";
import { keepAlive } from "../clock.ts";
import type { NormalOptions } from "../config/normal-options.ts";
import { normalizeOptions } from "../config/normalize-options.ts";
import type { MaintenanceOptions } from "../config/options.ts";
import { configuredPatterns } from "../config/usable-patterns.ts";
import { MaintenanceError } from "../errors.ts";
import { loadLinearRegExp, mayHoldLinearRegExp, usesLinearRegExp } from "../rules/linear-regexp.ts";
import { type Actor, parseActor } from "../state/actor.ts";
import { parseState } from "../state/parse-state.ts";
import { ALL_SITES, openRecord, parseSiteId, type SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import type { HistoryQuery, Position, StateChange, Store } from "../stores/store.ts";
import { closedObject, parsesWith, validate } from "../validation/validate.ts";
import { type Application, applyCommand, type Outcome } from "./apply/apply-command.ts";
import { knownSites, requireKnown } from "./apply/known-sites.ts";
import { acceptsUnknownSites, sitesNamedBy } from "./apply/named-sites.ts";
import { narrowing } from "./apply/narrowed.ts";
import { switchSettingsOf } from "./apply/restore-switch.ts";
import { validateCommand } from "./apply/validate-command.ts";
import type { PreparingController } from "./barrier/preparing-controller.ts";
import type { WaitOptions } from "./barrier/wait-options.ts";
import type { WaitedClosure } from "./barrier/wait-result.ts";
import type { PreparedCommand } from "./barrier/write-once.ts";
import type { AnyCommand, CloseCommand, Command, FoundRecord, ValidCommand } from "./command.ts";
import { commitCommand } from "./commit-command.ts";
import {
  type CloseOptions,
  createVerbs,
  type EditOptions,
  type ExemptionVerbs,
  type LinkVerbs,
  type OpenOptions,
  type SiteSelection,
  type SiteVerbs,
  type TokenVerbs,
} from "./verbs.ts";
import { redactRecord } from "./views/record-view.ts";

/**
 * The only writer: turns commands into stored changes. Holds no state of its own. Each verb is one command, given to `execute`.
 *
 * @example
 * await using controller = createController(config, { by: "deploy" });
 * await controller.close("shop", { message: "Back at nine", for: "2h" });
 * await controller.open("shop");
 */
export interface Controller extends AsyncDisposable {
  /**
   * Closes sites, all of them or none, or changes how they are closed. Idempotent: what is left out stays as it is.
   *
   * @throws `ERR_INVALID_COMMAND` without a site, and for `until` together with `for`; otherwise as `execute` does
   * @example
   * await controller.close("shop", { message: "Back at nine", for: "2h", exempt: { addresses: ["10.0.0.0/8"] } });
   * await controller.close("*", { until: new Date("2026-12-01T06:00:00Z"), reason: "migration 12" });
   */
  close(sites: SiteSelection, options?: CloseOptions): Promise<CommandResult>;
  /**
   * Closes sites, and waits until every process that follows the state has closed them and its requests have ended. Resolves with what was
   * proved, also if it was not in time.
   *
   * @throws `ERR_NO_BARRIER` if the store keeps no list of the processes, `ERR_HELD` while another barrier is on; otherwise as above, before
   * anything was closed
   * @example
   * const { exit, reasons } = await controller.close("shop", { wait: { timeout: "2m" } });
   * if (exit !== 0) throw new Error(`The shop has not drained: ${JSON.stringify(reasons)}`);
   */
  close(
    sites: SiteSelection,
    options: CloseOptions & { readonly wait: WaitOptions },
    authority?: Authority,
  ): Promise<WaitedClosure>;
  /**
   * Opens sites, all of them or none, and restores what their closure replaced. Idempotent. A site stays closed while `*` or a group is
   * closed.
   *
   * @throws `ERR_INVALID_COMMAND` without a site, `ERR_HELD` while a command holds one of them, unless with `anyway`; otherwise as `execute`
   * does
   * @example await controller.open(["shop", "blog"]);
   */
  open(sites: SiteSelection, options?: OpenOptions): Promise<CommandResult>;
  /**
   * Changes a site's lasting settings.
   *
   * @throws `ERR_CONFLICT` when the site is no longer at `version`; otherwise as `execute` does
   * @example await controller.edit("shop", { version: 3, hosts: ["shop.example", "www.shop.example"] });
   */
  edit(site: string, settings: EditOptions): Promise<CommandResult>;
  /** Adds and removes exemptions. */
  readonly exemptions: ExemptionVerbs;
  /** Creates, lists and revokes bypass links. */
  readonly links: LinkVerbs;
  /** Creates, lists and revokes access tokens of the admin. */
  readonly tokens: TokenVerbs;
  /** Adds and removes sites that the configuration does not name. */
  readonly sites: SiteVerbs;
  /**
   * Executes `command`, plain data from a queue or an HTTP request: all of it or nothing. If another process changes the state meanwhile,
   * the command is applied again to the new state.
   *
   * @throws the code of the rule that the command breaks; `ERR_OVERRIDDEN` for a switch while an override is set; `ERR_HELD` if it opens a
   * site that a running command holds, or narrows its closure; `ERR_CONFLICT` if other processes keep committing first;
   * `ERR_STORE_UNAVAILABLE` if the store did not answer: the change may or may not have been written
   * @example await controller.execute({ type: "close", sites: ["shop"], until: "2h" }, "queue");
   */
  execute(command: Command, by: Actor | string, authority?: Authority): Promise<CommandResult>;
  /**
   * Returns what `execute` would do now. Writes nothing.
   *
   * @throws as `execute` does
   */
  rehearse(command: Command, by: Actor | string, authority?: Authority): Promise<CommandResult>;
  /**
   * Returns the state as stored.
   *
   * @throws `ERR_STORE_UNAVAILABLE`; `ERR_STATE_UNREADABLE` or `ERR_STATE_TOO_NEW` if the state as a whole cannot be read
   */
  state(): Promise<State>;
  /**
   * Returns the changes, newest first; by default 50.
   *
   * @throws `ERR_INVALID_COMMAND` for an invalid query, `ERR_UNKNOWN_SITE` for a site that neither exists nor has a history; otherwise as
   * `state` does
   * @example const [last] = await controller.history({ site: "shop", limit: 1 });
   */
  history(query?: Partial<HistoryQuery>): Promise<readonly StateChange[]>;
  /** Returns the store that holds the state. */
  store(): Promise<Store>;
  /**
   * Closes the store if the controller opened it; a store from the options stays open. Idempotent. Afterwards every other method rejects
   * with `ERR_ALREADY_CLOSED`.
   */
  dispose(): Promise<void>;
}

/** The part of a controller that the admin and the command line use. A controller over the admin's API has it too. */
export interface BaseController extends Pick<Controller, "state" | "history" | "store" | "dispose"> {
  execute(command: AnyCommand, by: Actor | string, authority?: Authority): Promise<CommandResult>;
  rehearse(command: AnyCommand, by: Actor | string, authority?: Authority): Promise<CommandResult>;
  readonly links: Pick<Controller["links"], "create">;
  readonly tokens: Pick<Controller["tokens"], "create">;
}

/** A controller that can ask before a change, for the command line. */
export interface ProposingController extends BaseController {
  /**
   * Returns what `execute` would do, and the method that does it.
   *
   * @throws as `execute` does
   */
  propose(command: AnyCommand, by: Actor | string, authority?: Authority): Promise<Proposal>;
}

export interface Proposal extends CommandResult {
  /** Executes the command on the state that was read. Reads it again only if another process has changed it since. */
  commit(): Promise<CommandResult>;
}

/** @example { by: "deploy" } */
export interface ControllerOptions {
  /**
   * The actor that the history shows for changes that name no other: an actor, or the label of a program.
   * @default { kind: "program", label: "program" }
   * @example "deploy"
   */
  readonly by?: Actor | string | undefined;
}

/** The reach of the caller's rights. */
export interface Authority {
  /**
   * The caller has rights on the sites that the command names, and none on everything: exemptions and links that the command adds do
   * not count while `*` or a group is closed too.
   * @default false
   */
  readonly limited?: boolean | undefined;
}

/** The effect of a command. */
export interface CommandResult {
  /** The effect on each site that the command names, with its record before and after. */
  readonly outcomes: readonly Outcome[];
  /**
   * The records that apply to every site, as they were before the command: of the configured groups, then of `*`. A missing record is
   * an open one. Without secrets.
   */
  readonly forAll: readonly SiteRecord[];
  /** Position of the state afterwards. */
  readonly position: Position;
}

/** Types of commands that have no effect while an override is set. */
const SWITCHES: ReadonlySet<ValidCommand["type"]> = new Set(["close", "open", "restore"]);

/**
 * Makes a controller. Synchronous and inert: the store is opened with the first change.
 *
 * @throws `ERR_INVALID_OPTION` or the code of an invalid value, `ERR_INVALID_COMMAND` for an invalid `by`
 * @example const controller = createController(config, { by: "deploy" });
 */
export function createController(options: MaintenanceOptions = {}, own: ControllerOptions = {}): Controller {
  const { by } = validate(ownOptions, own, "ERR_INVALID_OPTION", "createController");
  return controllerFor(normalizeOptions(options), by);
}

/** `parseActor` checks `by`. */
const ownOptions: v.GenericSchema<unknown, ControllerOptions> = closedObject({
  by: v.optional(v.custom<Actor | string>(() => true)),
});

const historyQuery: v.GenericSchema<unknown, HistoryQuery> = closedObject({
  site: v.optional(v.pipe(v.string(), parsesWith(parseSiteId))),
  before: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 50),
});

/** The same for complete options. */
export function controllerFor(
  normal: NormalOptions,
  usual: Actor | string = PROGRAM,
): Controller & ProposingController & PreparingController {
  const usualActor = parseActor(actorOf(usual));
  const { groups } = normal;
  const configured = configuredSites(normal);
  const configuresRegExp = usesLinearRegExp(configuredPatterns(normal));
  let opening: Promise<Store> | null = null;
  let disposing: Promise<void> | null = null;

  async function open(): Promise<Store> {
    if (disposing !== null) throw new MaintenanceError("ERR_ALREADY_CLOSED", "The controller is closed.");
    opening ??=
      normal.store === null ? import("#platform").then((it) => it.createDefaultStore()) : Promise.resolve(normal.store);
    return await opening;
  }

  async function load(sites?: readonly string[]): Promise<State> {
    const store = await open();
    const document = await store.load({ sites });
    // Their engine takes longer to load than everything else that reads a state. Callers also match the patterns of the configuration.
    if (configuresRegExp || mayHoldLinearRegExp(document.records.map(({ text }) => text))) await loadLinearRegExp();
    return parseState(document, store.capabilities.separateRecords);
  }

  /** Returns the records of `ids` and those that apply to every site; every record if an id is unknown: the error lists the known sites. */
  async function loadNamed(ids: readonly string[], mayBeUnknown = false): Promise<State> {
    const state = await load([...new Set([...ids, ...groups, ALL_SITES])]);
    const known = knownSites(state, configured);
    return mayBeUnknown || ids.every((id) => known.has(id)) ? state : await load();
  }

  /** Loads what `command` needs in one read: of 100,000 sites only the named ones. */
  async function loadFor(command: ValidCommand): Promise<State> {
    const named = sitesNamedBy(command);
    return named === null ? await load() : await loadNamed(named, acceptsUnknownSites(command));
  }

  function apply(state: State, command: ValidCommand, by: Actor, { limited }: Authority): Application & CommandResult {
    return {
      ...applyCommand(state, command, { configured, now: normal.clock.now(), by, limited }),
      forAll: [...groups, ALL_SITES].map((id) => redactRecord(state.records.get(id) ?? openRecord(id))),
      position: { lineage: state.lineage, version: state.version },
    };
  }

  async function prepare(command: AnyCommand): Promise<ValidCommand> {
    await loadLinearRegExp();
    const valid = validateCommand(command);
    if (normal.override !== null && SWITCHES.has(valid.type)) {
      throw new MaintenanceError(
        "ERR_OVERRIDDEN",
        `'${valid.type}' is refused: ${normal.override.where} overrides the store.`,
      );
    }
    return valid;
  }

  async function release(): Promise<void> {
    if (normal.store !== null || opening === null) return;
    await (await opening).close();
  }

  function dispose(): Promise<void> {
    disposing ??= release();
    return disposing;
  }

  async function history(given: Partial<HistoryQuery> = {}): Promise<readonly StateChange[]> {
    const query = validate(historyQuery, given, "ERR_INVALID_COMMAND", "the history query");
    const { site } = query;
    const store = await open();
    const changes = await store.history(query);
    if (changes.length > 0 || site === undefined) return changes;
    // A removed site still has a history, of which this may be the page after the last one.
    if (query.before !== undefined && (await store.history({ site, limit: 1 })).length > 0) return changes;
    requireKnown(site, knownSites(await loadNamed([site]), configured));
    return changes;
  }

  /** Applies a command, unless it breaks what another one holds. The code of barriers is loaded by the first command that could. */
  async function applyUnlessHeld(...given: Parameters<typeof apply>): Promise<Application & CommandResult> {
    const applied = apply(...given);
    if (opensAnyway(given[1]) || narrowing(applied.outcomes).length === 0) return applied;
    const { requireNotHeld } = await import("./barrier/holds.ts");
    await requireNotHeld({ store: await open(), clock: normal.clock }, applied.outcomes);
    return applied;
  }

  async function commit(seen: State, command: ValidCommand, by: Actor, authority: Authority): Promise<CommandResult> {
    const store = await open();
    const result = await commitCommand({
      ...{ store, options: normal, command, seen },
      load: () => loadFor(command),
      apply: (state) => applyUnlessHeld(state, command, by, authority),
    });
    if (command.type !== "open" || command.anyway !== true) return result;
    const { removeAbandonedHolds } = await import("./barrier/holds.ts");
    await removeAbandonedHolds({ store, clock: normal.clock }, result.outcomes);
    return result;
  }

  const prepared = (valid: ValidCommand, by: Actor | string, authority: Authority): PreparedCommand => ({
    load: () => loadFor(valid),
    apply: (state) => apply(state, valid, actorOf(by), authority),
  });

  const commands: Pick<
    ProposingController & PreparingController,
    "execute" | "rehearse" | "propose" | "prepare" | "prepareRestore"
  > = {
    async prepare(command, by, authority = {}) {
      return prepared(await prepare(command), by, authority);
    },
    prepareRestore({ outcomes }, by) {
      const records = outcomes.flatMap(({ site, before, after }): readonly FoundRecord[] => {
        if (before?.version === after?.version) return [];
        const found = switchSettingsOf(before ?? openRecord(site));
        return [{ site, found, left: switchSettingsOf(after ?? openRecord(site)) }];
      });
      return prepared({ type: "restore", records }, by, {});
    },
    async execute(command, by, authority = {}) {
      const valid = await prepare(command);
      return await commit(await loadFor(valid), valid, actorOf(by), authority);
    },
    async rehearse(...given) {
      const { commit: _commit, ...result } = await commands.propose(...given);
      return result;
    },
    async propose(command, by, authority = {}) {
      const valid = await prepare(command);
      const state = await loadFor(valid);
      const { draft: _draft, ...applied } = await applyUnlessHeld(state, valid, actorOf(by), authority);
      return { ...applied, commit: () => commit(state, valid, actorOf(by), authority) };
    },
  };
  /** The code of barriers is loaded by the first one. */
  async function closeAndWait(
    command: CloseCommand,
    wait: unknown,
    by: Actor | string,
    authority?: Authority,
  ): Promise<WaitedClosure> {
    const { waitFor } = await import("./barrier/close-and-wait.ts");
    return await keepAlive(waitFor({ controller, options: normal, command, by: actorOf(by), authority }, wait));
  }

  const controller: Controller & ProposingController & PreparingController = {
    ...commands,
    ...createVerbs({
      execute: commands.execute,
      closeAndWait,
      load: (sites) => (sites === undefined ? load() : loadNamed(sites)),
      now: () => normal.clock.now(),
      configured,
      by: usualActor,
    }),
    state: () => load(),
    history,
    store: open,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
  return controller;
}

const PROGRAM: Actor = { kind: "program", label: "program" };

/** A text is the label of a program. `parseActor` refuses anything else. */
function actorOf(by: Actor | string): Actor {
  return typeof by === "string" ? { kind: "program", label: by } : by;
}

function opensAnyway(command: ValidCommand): boolean {
  return "anyway" in command && command.anyway === true;
}

function configuredSites({ sites, groups }: NormalOptions): ReadonlyMap<string, readonly string[]> {
  return new Map([...groups.map((id): [string, readonly string[]] => [id, []]), ...sites]);
}
