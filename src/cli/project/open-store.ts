import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadConfigFile } from "../../config/config-file.ts";
import { normalizeOptions } from "../../config/normalize-options.ts";
import { findProjectRoot } from "../../config/project-root.ts";
import { MaintenanceError } from "../../errors.ts";
import type { Store } from "../../stores/store.ts";
import type { CliContext } from "../cli-context.ts";
import { createProjectStore } from "./project.ts";

const OPENERS: Readonly<Record<string, (url: string, cwd: string) => Promise<Store>>> = {
  "file:": async (url, cwd) => (await import("../../stores/file.ts")).fileStore({ path: pathOf(url, cwd) }),
  "sqlite:": async (url, cwd) => (await import("../../stores/sqlite.ts")).sqliteStore({ path: pathOf(url, cwd) }),
  "postgres:": async (url) => (await import("../../stores/postgres.ts")).postgresStore({ url }),
  "postgresql:": async (url) => (await import("../../stores/postgres.ts")).postgresStore({ url }),
  "mysql:": async (url) => (await import("../../stores/mysql.ts")).mysqlStore({ url }),
  "redis:": async (url) => (await import("../../stores/redis.ts")).redisStore({ url }),
  "rediss:": async (url) => (await import("../../stores/redis.ts")).redisStore({ url }),
  "nats:": async (url) => (await import("../../stores/nats.ts")).natsStore({ servers: url }),
};

const CONFIG_EXTENSIONS: readonly string[] = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/**
 * Opens the store for a URL, or for the configuration file that has it. Throws `ERR_INVALID_OPTION` for anything else. The error does not
 * repeat a URL, which may contain a password.
 */
export async function openStore(text: string, { cwd, env }: Pick<CliContext, "cwd" | "env">): Promise<Store> {
  const scheme = /^[a-z]+:/i.exec(text)?.[0].toLowerCase();
  if (scheme === undefined && CONFIG_EXTENSIONS.includes(extname(text))) {
    const file = await loadConfigFile(cwd, cwd, text);
    const { store } = normalizeOptions(file?.options, env);
    return store ?? (await createProjectStore(findProjectRoot(cwd), file?.path));
  }
  const open = OPENERS[scheme ?? ""];
  if (open !== undefined) return await open(text, cwd);
  const what =
    scheme === undefined ? `'${text}' is neither a URL nor a configuration file` : `There is no store for '${scheme}'`;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${what}.`, {
    hint: `Write a URL that begins with ${Object.keys(OPENERS).join(" ")}, or the path of a configuration file that names the store.`,
  });
}

/** Returns the path of a URL; `file:state.json` and `file:./state.json` are relative to the working directory. */
function pathOf(url: string, cwd: string): string {
  const path = url.slice(url.indexOf(":") + 1);
  return fileURLToPath(path.startsWith("//") ? `file:${path}` : new URL(path, pathToFileURL(`${cwd}/`)));
}
