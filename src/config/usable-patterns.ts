import { compileLinearRegExp, isLinearRegExpLoaded, REGEXP_PREFIX } from "../rules/linear-regexp.ts";
import type { PathRule } from "../rules/paths/matcher.ts";
import type { NormalOptions } from "./normal-options.ts";

/**
 * Returns the options without the regular expressions that cannot be compiled. Before the engine is loaded, which is before any decision,
 * these are all of them. Afterwards these are the invalid ones, and the error of each is passed to `report`: one bad pattern must not stop a
 * gate from following its store.
 */
export function withUsablePatterns(options: NormalOptions, report: (error: unknown) => void): NormalOptions {
  const usable = <Rule extends PathRule>(rules: readonly Rule[]): readonly Rule[] =>
    rules.filter((rule) => isUsable(rule, options, report));
  const { exempt, readOnly, response, operatorPaths } = options;
  return {
    ...options,
    operatorPaths: usable(operatorPaths),
    exempt: { ...exempt, paths: usable(exempt.paths) },
    readOnly: { ...readOnly, reads: usable(readOnly.reads), writes: usable(readOnly.writes) },
    response: { ...response, jsonPaths: usable(response.jsonPaths) },
  };
}

function isUsable({ pattern }: PathRule, { ignoreCase }: NormalOptions, report: (error: unknown) => void): boolean {
  if (!pattern.startsWith(REGEXP_PREFIX)) return true;
  if (!isLinearRegExpLoaded()) return false;
  try {
    compileLinearRegExp(pattern.slice(REGEXP_PREFIX.length), ignoreCase);
    return true;
  } catch (error) {
    report(error);
    return false;
  }
}

/** Returns the path patterns of the configuration. */
export function configuredPatterns({ exempt, readOnly, response, operatorPaths }: NormalOptions): readonly string[] {
  const rules = [exempt.paths, readOnly.reads, readOnly.writes, response.jsonPaths, operatorPaths].flat();
  return rules.map(({ pattern }) => pattern);
}
