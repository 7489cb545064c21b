import { expressionCost } from "../../rules/expression-cost.ts";
import { MAX_EXPRESSION_LENGTH, REGEXP_PREFIX } from "../../rules/linear-regexp.ts";
import { badRequest } from "./problem.ts";

const MAX_DEPTH = 32;
/** Maximum items of a list or members of an object: each is validated, stored and read again. `sites` has only names and may be longer. */
const MAX_LIST_ITEMS = 1_000;
/** Instructions of all regular expressions in one body: each is compiled to validate it. Some 2 µs each. */
const MAX_BODY_INSTRUCTIONS = 4_000;
/** Texts, names, lists and objects in one body: some 1 µs each to check. Usual bodies have a tenth of this. */
const MAX_PIECES = 30_000;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
// A message may contain tabs and line breaks, but no other control character.
const UNWANTED = /(?![\t\n\r])\p{Cc}|\p{Surrogate}/u;

/**
 * Parses JSON strictly, so that no two readers disagree: no duplicate names in an object, no `__proto__`, no lone surrogates, limited
 * nesting. The body must not be a list. Throws a refusal.
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  check(text);
  // A schema of an object without required members would accept a list.
  if (Array.isArray(value)) throw badRequest(422, "The body is a list, and must be an object.");
  requireShortLists(value, "body", MAX_LIST_ITEMS);
  return value;
}

/** Throws a refusal with 422 for a list or an object with more than `most` items. */
function requireShortLists(value: unknown, name: string, most: number): void {
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  // A scope restores as many sites as it has closed.
  const mostHere = name === "records" ? MAX_LIST_ITEMS : most;
  if (entries.length > mostHere && name !== "sites") {
    throw badRequest(
      422,
      `'${name.slice(0, 80)}' has ${entries.length} items, and may have ${mostHere} in one request.`,
    );
  }
  for (const [key, item] of entries) requireShortLists(item, Array.isArray(value) ? name : key, most);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(400, "The body is not JSON.", "Send one JSON object (RFC 8259).");
  }
}

/** Checks the strings and the nesting of `text`, which must be valid JSON. */
function check(text: string): void {
  const open: (Set<string> | null)[] = [];
  let instructions = 0;
  let pieces = 0;
  let atName = false;
  for (const { 0: token } of text.matchAll(TOKENS)) {
    const names = open.at(-1);
    if (token !== "," && token !== "]" && token !== "}") pieces += 1;
    if (pieces > MAX_PIECES) {
      const fix = "Send it in several requests.";
      throw badRequest(422, `The body has more than ${MAX_PIECES} texts, lists and objects.`, fix);
    }
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      if (open.length > MAX_DEPTH) throw badRequest(400, `The body is nested more than ${MAX_DEPTH} deep.`);
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token !== ",") {
      instructions += checkString(token, atName ? names : null);
      requireInstructions(instructions, MAX_BODY_INSTRUCTIONS);
    }
    atName = token === "{" || (token === "," && names instanceof Set);
  }
}

function requireInstructions(count: number, most: number): void {
  if (count <= most) return;
  throw badRequest(
    422,
    `The regular expressions of the body compile to more than ${most} instructions.`,
    "Send fewer of them at once, or shorter ones.",
  );
}

/** Throws a refusal with 422 for a body with longer lists, or with more instructions of regular expressions, than a limited caller may send. */
export function requireLimitedBody(body: unknown, mostItems: number, mostInstructions: number): void {
  requireShortLists(body, "body", mostItems);
  requireInstructions(instructionsIn(body), mostInstructions);
}

function instructionsIn(value: unknown): number {
  if (typeof value === "string") return costOf(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, item: unknown) => sum + instructionsIn(item), 0);
}

function costOf(text: string): number {
  return text.startsWith(REGEXP_PREFIX) && text.length <= REGEXP_PREFIX.length + MAX_EXPRESSION_LENGTH
    ? expressionCost(text.slice(REGEXP_PREFIX.length))
    : 0;
}

/** Returns the cost of compiling the string if it is a regular expression. */
function checkString(token: string, names: Set<string> | null | undefined): number {
  const text = String(JSON.parse(token));
  if (UNWANTED.test(text)) {
    throw badRequest(400, "The body has a control character or a lone surrogate.", "Send well-formed Unicode text.");
  }
  if (names === null || names === undefined) {
    return costOf(text);
  }
  if (text === "__proto__") throw badRequest(400, "The body has a member '__proto__'.");
  if (names.has(text)) throw badRequest(400, `The body has the member '${text.slice(0, 80)}' twice in one object.`);
  names.add(text);
  return 0;
}
