import { MaintenanceError } from "../../errors.ts";
import { decodePath, normalizePath } from "../../rules/paths/normalize.ts";

const BASE_PATH = /^(?:\/[A-Za-z0-9][\w.~-]*)*$/;

/** Returns `/maintenance`; empty for the root. Throws `ERR_INVALID_OPTION`. */
export function parseBasePath(value: string): string {
  const path = value === "/" ? "" : value;
  if (BASE_PATH.test(path)) return path;
  throw new MaintenanceError("ERR_INVALID_OPTION", `createAdmin: the basePath '${value}' is not a path.`, {
    hint: "Write the path at which the server sees it, without a slash at the end: '/maintenance'.",
  });
}

/**
 * Returns the rest of the path of `url` after `basePath`, decoded: empty, or with its leading slash. Returns `null` if the path is not
 * below it, or ambiguous: with `..`, with an encoded slash, or with two slashes in a row.
 */
export function pathWithin(basePath: string, url: string): string | null {
  const { pathname } = new URL(url);
  const path = normalizePath(pathname);
  if (path === null || pathname.includes("//")) return null;
  if (path === basePath) return "";
  return path.startsWith(`${basePath}/`) ? decodePath(path.slice(basePath.length)) : null;
}
