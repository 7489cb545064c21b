/// <reference lib="esnext.disposable" preserve="true" />
import { kindOf, MaintenanceError, messageOf } from "../../errors.ts";
import { gateInternals } from "../../gate/internals.ts";
import type { Gate } from "../../gate.ts";
import type { Actor } from "../../state/actor.ts";
import { openRecord } from "../../state/site-record.ts";
import type { Outcome } from "../apply/apply-command.ts";
import { mintId } from "../apply/mint-access-token.ts";
import { switchSettingsOf } from "../apply/restore-switch.ts";
import type { CloseCommand, FoundRecord, OpenCommand } from "../command.ts";
import { controllerFor } from "../controller.ts";
import { type SiteSelection, selectedSites } from "../verbs.ts";
import { endOnSignal } from "./end-on-signal.ts";
import { type LiveScope, liveScopesOf } from "./live-scopes.ts";

/** How a scope switches its sites: closed in some way, or, with the mode `open`, open. */
export type ScopeOptions = ScopeSettings & {
  /** The id of a site, `"*"` for everything, or several in a list: all of them or none. */
  readonly sites: SiteSelection;
  /**
   * The actor that the history shows, or its label.
   * @default { kind: "program", label: "scope" }
   */
  readonly by?: Actor | string | undefined;
};

/** How a scope closes or opens its sites. */
export type ScopeSettings =
  | Omit<CloseCommand, "type" | "scope" | "sites">
  | ({ readonly mode: "open" } & Omit<OpenCommand, "type" | "scope" | "sites">);

/** Keeps sites closed, or open, until it is disposed of. */
export interface MaintenanceScope extends AsyncDisposable {
  /** Restores the sites as the scope has found them. Idempotent. */
  end(): Promise<void>;
}

const SCOPE: Actor = { kind: "program", label: "scope" };

/**
 * Closes sites, or opens them with the mode `open`, for as long as `work` runs, and restores exactly what it found, also when `work`
 * throws and when such scopes are nested: a site that was closed before stays closed as it was. If scopes of one gate
 * overlap, the last one to end restores what the first one has found. A change made meanwhile stays, even if it sets the same settings.
 *
 * On SIGINT and SIGTERM the sites are restored, and then the signal is raised again; a second signal does not wait. An application that
 * listens for the signal itself decides when the process ends: it must not call `process.exit()` before `work` has ended.
 *
 * @returns the result of `work`
 * @throws `ERR_INVALID_OPTION` without a gate or without `work`, `ERR_INVALID_COMMAND` without a site: nothing is written then; otherwise as
 * `controller.execute` does, and the error of `work`
 * @example await withMaintenance(gate, { sites: "shop", message: "Back in a minute" }, () => migrate());
 */
export async function withMaintenance<Result>(
  gate: Gate,
  options: ScopeOptions,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  gateInternals(gate, "withMaintenance");
  if (typeof work !== "function") {
    throw new MaintenanceError("ERR_INVALID_OPTION", `withMaintenance: ${kindOf(work)} is not a function.`, {
      hint: 'Pass the work as the third argument: withMaintenance(gate, { sites: "shop" }, () => migrate()).',
    });
  }
  const scope = await openScope(gate, options, "withMaintenance");
  try {
    return await work();
  } finally {
    await scope.end();
  }
}

/**
 * Closes sites, or opens them, as `withMaintenance` does, until the returned scope ends.
 *
 * @throws as `withMaintenance` does
 * @example await using scope = await openMaintenanceScope(gate, { sites: "shop" });
 */
export async function openMaintenanceScope(gate: Gate, options: ScopeOptions): Promise<MaintenanceScope> {
  return await openScope(gate, options, "openMaintenanceScope");
}

/** `caller` is the function that the user called, for errors. */
async function openScope(
  gate: Gate,
  options: Partial<ScopeOptions> | undefined,
  caller: string,
): Promise<MaintenanceScope> {
  const inside = gateInternals(gate, caller);
  const { by = SCOPE, sites: given, ...settings } = options ?? {};
  const sites = selectedSites(caller, given, 'write { sites: "*" }');
  const controller = controllerFor(inside.options);
  const scopes = liveScopesOf(inside);
  const { logger } = inside.options;
  const scope: LiveScope = { records: [] };
  let ending: Promise<void> | null = null;
  const opening = scopes.inTurn(async () => {
    const { outcomes } = await controller.execute({ ...commandOf(settings), sites, scope: mintId() }, by);
    scope.records = outcomes.map(foundRecord);
    scopes.begin(scope);
  });
  // Registered at the start: the signal may come while the sites are being closed.
  const forget = endOnSignal(() =>
    opening.then(
      () => end().catch((error) => logger.error(`The sites of a scope could not be restored: ${messageOf(error)}`)),
      () => {},
    ),
  );
  try {
    await opening;
    await gate.refresh();
  } catch (error) {
    forget();
    await controller.dispose();
    throw error;
  }

  function end(): Promise<void> {
    ending ??= restore();
    return ending;
  }

  async function restore(): Promise<void> {
    try {
      const { outcomes } = await scopes.inTurn(() => {
        const records = scopes.end(scope);
        return controller.execute({ type: "restore", records, reason: settings.reason }, by);
      });
      for (const { site } of outcomes.filter(({ effect }) => effect === "unchanged")) {
        logger.warn(`'${site}' was changed in the meantime, so it was not restored.`);
      }
      await gate.refresh();
    } finally {
      forget();
      await controller.dispose();
    }
  }
  return { end, [Symbol.asyncDispose]: end };
}

function commandOf(settings: ScopeSettings): CloseCommand | OpenCommand {
  if (settings.mode !== "open") return { ...settings, type: "close" };
  const { mode: _mode, ...rest } = settings;
  return { ...rest, type: "open" };
}

function foundRecord({ site, before, after }: Outcome): FoundRecord {
  return {
    site,
    found: switchSettingsOf(before ?? openRecord(site)),
    left: switchSettingsOf(after ?? openRecord(site)),
  };
}
