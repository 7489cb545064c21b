import { userInfo } from "node:os";
import { dirname } from "node:path";
import { MaintenanceError } from "../../errors.ts";

/**
 * Runs `work` on the file at `path`. Errors of the file system become `ERR_STORE_UNAVAILABLE`, with the action (`read`, `write` or
 * `watch`, of the state file or of something of it), the path and a hint. Other errors are passed on unchanged.
 */
export async function withFileErrors<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    // With a symbolic link on the way, the error names the real path.
    const refused = "path" in error && typeof error.path === "string" ? error.path : path;
    const [verb = action] = action.split(" ");
    const hint = hintFor(code, verb, path, dirname(refused));
    throw new MaintenanceError(
      "ERR_STORE_UNAVAILABLE",
      `Cannot ${action} the state file '${path}': ${error.message}.`,
      {
        ...(hint !== undefined && { hint }),
        cause: error,
      },
    );
  }
}

/** Returns the code of an error of the file system (`ENOENT`); `undefined` for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Returns the result of `attempt`, or `null` if it fails with one of `codes`. */
export async function unlessRefused<T>(codes: readonly string[], attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt();
  } catch (error) {
    if (codes.includes(fileErrorCode(error) ?? "")) return null;
    throw error;
  }
}

function hintFor(code: string, action: string, path: string, folder: string): string | undefined {
  if (action === "watch") return "Changes are found by polling meanwhile.";
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `Let ${userName()} ${action} '${path}' (to write, it needs the folder '${folder}' too), or choose another path with fileStore({ path }).`;
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return `Free some space where '${folder}' is, and try again; the state is as it was.`;
    case "EROFS":
      return "That file system is not writable: choose another path with fileStore({ path }).";
    case "EISDIR":
      return `Move the folder '${path}' away, or choose another path with fileStore({ path }).`;
    case "EBUSY":
      return `If '${path}' is mounted as a single file, mount the folder instead: the file is replaced at each change.`;
    case "EEXIST":
    case "ENOTDIR":
    case "ELOOP":
      return `A part of the path '${path}' is not a folder: move it away, or choose another path with fileStore({ path }).`;
    default:
      return undefined;
  }
}

function userName(): string {
  const id = process.geteuid?.();
  return id === undefined ? `the user '${userInfo().username}'` : `the user with id ${id}`;
}
