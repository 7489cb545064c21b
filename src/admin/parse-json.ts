import { expressionCost } from "../rules/expression-cost.ts";
import { MAX_EXPRESSION_LENGTH, REGEXP_PREFIX } from "../rules/linear-regexp.ts";
import { badRequest } from "./problem.ts";

const DEEPEST = 32;
/** Items of one list, members of one object: each is validated, stored and read again. `sites` may be longer: these are only names. */
const MAX_LIST_ITEMS = 1_000;
/** Instructions of all regular expressions in one body: each is compiled to see whether it is valid. Some 2 µs each. */
const MAX_BODY_INSTRUCTIONS = 4_000;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
// A tab and line breaks may stand in a message; the rest is nothing that anybody types.
const UNWANTED = /(?![\t\n\r])\p{Cc}|\p{Surrogate}/u;

/**
 * Reads JSON as strictly as two readers that must agree on it: no name twice in one object, no `__proto__`, no half characters, not
 * nested beyond reason; and no list. Throws a refusal.
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  check(text);
  // A schema of an object without required members would take a list for one.
  if (Array.isArray(value)) throw badRequest(422, "The body is a list, and has to be an object.");
  requireShortLists(value, "body");
  return value;
}

function requireShortLists(value: unknown, name: string): void {
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  if (entries.length > MAX_LIST_ITEMS && name !== "sites") {
    throw badRequest(
      422,
      `'${name.slice(0, 80)}' has ${entries.length} items, and may have ${MAX_LIST_ITEMS} in one request.`,
    );
  }
  for (const [key, item] of entries) requireShortLists(item, Array.isArray(value) ? name : key);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(400, "The body is not JSON.", "Send one JSON object, as RFC 8259 has it.");
  }
}

/** `text` is JSON: all that is left to look at is strings and brackets. */
function check(text: string): void {
  const open: (Set<string> | null)[] = [];
  let instructions = 0;
  let atName = false;
  for (const { 0: token } of text.matchAll(TOKENS)) {
    const names = open.at(-1);
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      if (open.length > DEEPEST) throw badRequest(400, `The body is nested more than ${DEEPEST} deep.`);
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token !== ",") {
      instructions += checkString(token, atName ? names : null);
      if (instructions > MAX_BODY_INSTRUCTIONS) {
        throw badRequest(
          422,
          `The regular expressions of the body compile to more than ${MAX_BODY_INSTRUCTIONS} instructions.`,
          "Send fewer of them at once, or shorter ones.",
        );
      }
    }
    atName = token === "{" || (token === "," && names instanceof Set);
  }
}

/** Returns what it costs to compile the string, where it is a regular expression. */
function checkString(token: string, names: Set<string> | null | undefined): number {
  const text = String(JSON.parse(token));
  if (UNWANTED.test(text)) {
    throw badRequest(400, "The body has a control character or half of a character.", "Send well-formed Unicode text.");
  }
  if (names === null || names === undefined) {
    return text.startsWith(REGEXP_PREFIX) && text.length <= REGEXP_PREFIX.length + MAX_EXPRESSION_LENGTH
      ? expressionCost(text.slice(REGEXP_PREFIX.length))
      : 0;
  }
  if (text === "__proto__") throw badRequest(400, "The body has a member '__proto__'.");
  if (names.has(text)) throw badRequest(400, `The body has the member '${text.slice(0, 80)}' twice in one object.`);
  names.add(text);
  return 0;
}
