import type { RE2JS } from "re2js";
import { MaintenanceError, messageOf } from "../errors.ts";

export interface LinearRegExp {
  /** Whether it is found anywhere in the path; `^` and `$` anchor it. */
  test(path: string): boolean;
}

export const REGEXP_PREFIX = "re:";

let engine: typeof RE2JS | undefined;

/** Loads the engine that runs regular expressions in linear time. Idempotent. Costs some milliseconds: ask `usesLinearRegExp` first. */
export async function loadLinearRegExp(): Promise<void> {
  engine ??= (await import("re2js")).RE2JS;
}

export function isLinearRegExpLoaded(): boolean {
  return engine !== undefined;
}

/** Whether any of these path patterns is a regular expression. */
export function usesLinearRegExp(patterns: Iterable<string>): boolean {
  for (const pattern of patterns) if (pattern.startsWith(REGEXP_PREFIX)) return true;
  return false;
}

/**
 * Compiles the part after `re:`, in RE2 syntax: no look-around, no back-references. Matching takes time linear in the path,
 * whoever wrote the expression. Throws `ERR_INVALID_PATTERN`. The engine must have been loaded.
 */
export function compileLinearRegExp(source: string, ignoreCase: boolean): LinearRegExp {
  if (engine === undefined) throw new Error("loadLinearRegExp() must be awaited before compileLinearRegExp().");
  try {
    return engine.compile(source, ignoreCase ? engine.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new MaintenanceError(
      "ERR_INVALID_PATTERN",
      `The path pattern '${REGEXP_PREFIX}${source}' is not a valid regular expression: ${messageOf(error)}.`,
      { hint: "Mend the expression; it is in RE2 syntax, without look-around and back-references.", cause: error },
    );
  }
}
