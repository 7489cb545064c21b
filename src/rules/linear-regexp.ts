import type { RE2JS } from "re2js";
import { MaintenanceError, messageOf } from "../errors.ts";
import { expressionCost } from "./expression-cost.ts";

export interface LinearRegExp {
  /** Whether the expression matches anywhere in the path; `^` and `$` anchor it. */
  test(path: string): boolean;
  /** Number of instructions of the compiled program: the maximum cost of one character. */
  programSize(): number;
}

export const REGEXP_PREFIX = "re:";

// The limits of one expression also apply to stored records, which are compiled: lowering them makes records unreadable.

/** In UTF-16 code units: an expression is parsed before any other limit applies. */
export const MAX_EXPRESSION_LENGTH = 500;
/** Instructions of one compiled expression. A counted repetition (`.{1,300}`) multiplies what it repeats. */
export const MAX_EXPRESSION_INSTRUCTIONS = 1_000;
/** Number of expressions in one list of patterns of a command or the configuration. */
export const MAX_EXPRESSIONS = 50;
/** Instructions of all expressions in one list: each path is tried with all of them. */
const MAX_LIST_INSTRUCTIONS = 2_000;
/** Number of compiled expressions kept for reuse: about 8 KB each if they were matched, and 300 bytes if not. */
const MAX_KEPT_EXPRESSIONS = 500;

let engine: typeof RE2JS | undefined;

/** Compiled expressions, oldest first, shared by the controller, the gate and each reload. */
const kept = new Map<string, LinearRegExp>();

/** Loads the engine for regular expressions in linear time. Idempotent. Takes some milliseconds: check `usesLinearRegExp` first. */
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

/** Whether any of these texts in JSON may contain such a pattern. In a text written by hand a character may be escaped. */
export function mayHoldLinearRegExp(texts: Iterable<string | null>): boolean {
  for (const text of texts) if (text !== null && /"re:|\\u00/i.test(text)) return true;
  return false;
}

/** Throws `ERR_INVALID_PATTERN` for an expression beyond the limits, before it is compiled. */
export function requireBoundedExpression(source: string): void {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    throw tooCostly(source, `has ${source.length} characters; the maximum is ${MAX_EXPRESSION_LENGTH}`);
  }
  requireInstructions(source, expressionCost(source));
}

/** Estimates the number of instructions of the regular expressions in `patterns`, without compiling them. */
export function instructionsOf(patterns: readonly string[]): number {
  return patterns
    .filter((one) => one.startsWith(REGEXP_PREFIX))
    .reduce((sum, one) => sum + expressionCost(one.slice(REGEXP_PREFIX.length)), 0);
}

/** Throws `ERR_INVALID_PATTERN` for a list with too many regular expressions, or with too many instructions in total. */
export function requireBoundedExpressions(patterns: readonly string[]): void {
  const sources = patterns.filter((one) => one.startsWith(REGEXP_PREFIX)).map((one) => one.slice(REGEXP_PREFIX.length));
  if (sources.length > MAX_EXPRESSIONS) {
    throw new MaintenanceError(
      "ERR_INVALID_PATTERN",
      `The list has ${sources.length} regular expressions; the maximum is ${MAX_EXPRESSIONS}.`,
      { hint: "Write '/path/*' or '/users/:id' where that means the same: their number is not limited." },
    );
  }
  const instructions = instructionsOf(patterns);
  if (instructions > MAX_LIST_INSTRUCTIONS) {
    throw new MaintenanceError(
      "ERR_INVALID_PATTERN",
      `The regular expressions of the list compile to about ${instructions} instructions; the maximum is ${MAX_LIST_INSTRUCTIONS}.`,
      { hint: SHORTER },
    );
  }
}

/**
 * Compiles the part after `re:`, in RE2 syntax: without look-around and back-references. Matching takes time linear in the length of the
 * path, for any expression. Call `loadLinearRegExp` first.
 *
 * @throws `ERR_INVALID_PATTERN` for an invalid expression, and for one beyond `MAX_EXPRESSION_LENGTH` or `MAX_EXPRESSION_INSTRUCTIONS`.
 */
export function compileLinearRegExp(source: string, ignoreCase: boolean): LinearRegExp {
  if (engine === undefined) throw new Error("loadLinearRegExp() must be awaited before compileLinearRegExp().");
  const key = `${ignoreCase ? "i" : ""}:${source}`;
  const before = kept.get(key);
  if (before !== undefined) return before;
  requireBoundedExpression(source);
  const compiled = new Expression(source, ignoreCase);
  requireInstructions(source, compiled.programSize());
  if (kept.size >= MAX_KEPT_EXPRESSIONS) kept.delete(kept.keys().next().value ?? "");
  kept.set(key, compiled);
  return compiled;
}

/** An expression that was compiled once, to check it. Its program takes 8 KB, so it is kept from the first match on. */
class Expression implements LinearRegExp {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  readonly #size: number;
  #program: RE2JS | null = null;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
    this.#size = programOf(source, ignoreCase).programSize();
  }

  test(path: string): boolean {
    this.#program ??= programOf(this.#source, this.#ignoreCase);
    return this.#program.test(path);
  }

  programSize(): number {
    return this.#size;
  }
}

function programOf(source: string, ignoreCase: boolean): RE2JS {
  if (engine === undefined) throw new Error("loadLinearRegExp() must be awaited before compileLinearRegExp().");
  try {
    const program = engine.compile(source, ignoreCase ? engine.CASE_INSENSITIVE : 0);
    // A second form of the program for captured groups, which `test` does not need: nearly half of the memory.
    const inner: unknown = Reflect.get(program, "re2Input");
    if (typeof inner === "object" && inner !== null && "onepass" in inner) inner.onepass = null;
    return program;
  } catch (error) {
    throw new MaintenanceError(
      "ERR_INVALID_PATTERN",
      `The path pattern '${REGEXP_PREFIX}${source}' is not a valid regular expression: ${messageOf(error)}.`,
      { hint: "Fix the expression; it is in RE2 syntax, without look-around and back-references.", cause: error },
    );
  }
}

const SHORTER =
  "Write shorter expressions, or '/path/*'. A counted repetition such as '{1,300}' multiplies what it repeats.";

function requireInstructions(source: string, count: number): void {
  if (count <= MAX_EXPRESSION_INSTRUCTIONS) return;
  throw tooCostly(source, `compiles to about ${count} instructions; the maximum is ${MAX_EXPRESSION_INSTRUCTIONS}`);
}

function tooCostly(source: string, why: string): MaintenanceError {
  const shown = source.length > 80 ? `${source.slice(0, 80)}…` : source;
  return new MaintenanceError("ERR_INVALID_PATTERN", `The path pattern '${REGEXP_PREFIX}${shown}' ${why}.`, {
    hint: SHORTER,
  });
}
