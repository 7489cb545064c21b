import { parseAdminUrl } from "../admin/remote/admin-url.ts";
import { MaintenanceError } from "../errors.ts";
import type { CliContext } from "./cli-context.ts";
import type { GlobalOptions } from "./program.ts";

/** Returns what to type before a command's name to use the same configuration or admin again: `npx maintenance-mode --config deploy/site.ts`. */
export function invocation(name: string, { config, url }: GlobalOptions): string {
  if (config !== undefined) return `${name} --config ${shellWord(config)}`;
  return url !== undefined && isAdminUrl(url) ? `${name} --url ${shellWord(url)}` : name;
}

/** An invalid address may contain a password, and is not repeated. */
function isAdminUrl(url: string): boolean {
  try {
    parseAdminUrl(url);
    return true;
  } catch {
    return false;
  }
}

function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Commands that work on local things, with the reason why they cannot be run on an admin. */
const HERE: Readonly<Record<string, string>> = {
  init: "it writes a configuration file in this folder",
  migrate: "it makes tables in the store itself",
  copy: "it needs the stores themselves, their secrets included",
  serve: "it is the admin, over the store itself",
};

/**
 * Returns the address of the admin that `command` is for: that of `--url`, or else of the environment, unless `--config` is given;
 * `undefined` for the store itself. Throws `ERR_INVALID_COMMAND` for a command that needs the store, and for a token on the command line.
 */
export function adminUrlOf(
  command: string,
  { url, config, token }: GlobalOptions,
  { env }: Pick<CliContext, "env">,
): string | undefined {
  if (token !== undefined) {
    throw new MaintenanceError(
      "ERR_INVALID_COMMAND",
      "A token cannot be an argument: every user of this machine can see arguments.",
      {
        hint: "Set MAINTENANCE_TOKEN in the environment instead. If the token was a real one, revoke it.",
      },
    );
  }
  const here = HERE[command];
  if (here === undefined) return url ?? (config === undefined ? env.MAINTENANCE_URL || undefined : undefined);
  if (url === undefined) return undefined;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `'${command}' takes no --url: ${here}.`, {
    hint: "Run it where the store can be reached, without --url.",
  });
}
