import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { AdminClient } from "../../admin/remote/admin-client.ts";
import { systemClock } from "../../clock.ts";
import { loadConfigFile } from "../../config/config-file.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import { normalizeOptions } from "../../config/normalize-options.ts";
import { findProjectRoot } from "../../config/project-root.ts";
import type { PreparingController } from "../../control/barrier/preparing-controller.ts";
import { type Controller, controllerFor, type ProposingController } from "../../control/controller.ts";
import { type Fleet, fleetOf } from "../../control/fleet/fleet.ts";
import type { AddressSources } from "../../control/views/exemption-warnings.ts";
import { MaintenanceError } from "../../errors.ts";
import { silentLogger } from "../../logger.ts";
import { createDefaultStore } from "../../platform/node.ts";
import type { Store } from "../../stores/store.ts";
import type { Session } from "../session.ts";
import { isAliveHere } from "./is-alive.ts";

/** The stored state that a command works on, and the configuration that the application uses too. */
export interface Project {
  /** The configuration file; `null` if there is none: then the defaults apply. */
  readonly configFile: string | null;
  readonly options: NormalOptions;
  readonly controller: ProposingController;
  /** The processes that follow the state. */
  readonly fleet: Fleet;
  /** The controller over the store itself, for barriers; `null` for an admin. */
  readonly local: (Controller & PreparingController) | null;
  /** The ignored proxies are known only through the admin of the server. */
  readonly addressSources: AddressSources;
  /** The admin through which the project is accessed; `null` for the store itself. */
  readonly admin: AdminClient | null;
}

/** Opens the project, runs `work` on it and closes it. Throws `ERR_CONFIG_FILE`, or the error for an invalid option. */
export async function withProject<Result>(
  session: Session,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  const { context, configPath, adminUrl } = session;
  if (adminUrl !== undefined) {
    return await (await import("./remote-project.ts")).withRemoteProject(context, adminUrl, work);
  }
  const root = findProjectRoot(context.cwd);
  const file = await loadConfigFile(context.cwd, root, configPath);
  if (file === null) requireProject(root);
  const normal = inFile(file?.path, () => normalizeOptions(file?.options, context.env));
  const store = normal.store ?? (await createProjectStore(root, file?.path));
  const clock = normal.clock === systemClock ? context.clock : normal.clock;
  // Silent: the command reports an error once.
  const options = { ...normal, store, clock, logger: silentLogger };
  try {
    if (file === null) session.usesDefaults(root, store.name);
    const controller = controllerFor(options);
    return await work({
      configFile: file?.path ?? null,
      options,
      controller,
      local: controller,
      fleet: fleetOf({ ...options, store, isAlive: isAliveHere }),
      addressSources: { ...options, ignoredProxies: [] },
      admin: null,
    });
  } finally {
    // Also one of the configuration file, which created it for this process.
    await store.close();
  }
}

/** Files and folders by which a project is recognised. */
const PROJECT_FILES: readonly string[] = ["package.json", ".maintenance", "deno.json", "deno.jsonc"];

/** Throws `ERR_CONFIG_FILE` outside a project, where a switch would not reach any application. */
function requireProject(root: string): void {
  if (isProject(root)) return;
  throw new MaintenanceError(
    "ERR_CONFIG_FILE",
    `'${root}' is not a project: it has no maintenance.config file, no package.json and no .maintenance folder, and neither have the folders above it.`,
    {
      hint: "Run this in the folder of the application, name its configuration with --config PATH, or write one here with: npx maintenance-mode init",
    },
  );
}

function isProject(folder: string): boolean {
  return PROJECT_FILES.some((name) => existsSync(join(folder, name)));
}

/**
 * Returns the default store of the project at `root`, or of another application whose configuration `--config` names: cron starts in the
 * home folder, and a state there would close nothing.
 */
export async function createProjectStore(root: string, file: string | undefined): Promise<Store> {
  if (file === undefined) return await createDefaultStore(root);
  const folder = findProjectRoot(dirname(file));
  const path = relative(root, file);
  const isWithin = !path.startsWith("..") && !isAbsolute(path);
  const isOwn = folder === root || (isProject(root) && (isWithin || !isProject(folder)));
  return await createDefaultStore(isOwn ? root : folder);
}

function inFile<Result>(path: string | undefined, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (path === undefined || !(error instanceof MaintenanceError)) throw error;
    throw new MaintenanceError(error.code, `${path}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
