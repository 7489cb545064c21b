/**
 * Estimates the number of instructions that a regular expression compiles to, without compiling it: never much too low, often too high.
 * Unicode classes count for the work of building them. Linear in `source`; an invalid expression gets a number too.
 */
export function expressionCost(source: string): number {
  let building = 0;
  /** For each open group: the cost of its complete parts, and of its last part, which a quantifier repeats. */
  const groups: { sum: number; last: number }[] = [{ sum: 0, last: 0 }];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(source); found !== null; found = TOKEN.exec(source)) {
    const [token] = found;
    const group = groups.at(-1) ?? { sum: 0, last: 0 };
    const add = (cost: number): void => {
      group.sum += group.last;
      group.last = cost;
    };
    const [first] = token;
    if (/^\(\?[^:]*\)$/.test(token)) continue;
    if (first === "(") {
      groups.push({ sum: 0, last: 0 });
    } else if (first === ")") {
      if (groups.length === 1) continue;
      groups.pop();
      const outer = groups.at(-1) ?? group;
      outer.sum += outer.last;
      outer.last = group.sum + group.last + 2;
    } else if (/^[*+?]/.test(token)) {
      group.last += 1;
    } else if (/^\{\d/.test(token)) {
      const [least = 0, most = least] = token.match(/\d+/g)?.map(Number) ?? [];
      group.last = (group.last + 1) * Math.max(least, most, 1);
    } else if (token.startsWith("\\Q")) {
      add(token.length);
    } else {
      building += first === "[" ? classCost(token) : UNICODE.test(token) ? UNICODE_CLASS_COST : 0;
      add(1);
    }
  }
  return building + FRAME + groups.reduce((sum, group) => sum + group.sum + group.last, 0);
}

const TOKEN =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|[\s\S])|\\x\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:\[:[^\]]*:\]|\\[\s\S]|[^\]\\])*\]?|\(\?(?:P?<[^>]*>|[^:)]*[:)])|\{\d+(?:,\d*)?\}\??|[*+?]\??|[\s\S]/g;
/** Instructions at the start and end of every program. */
const FRAME = 3;
const UNICODE = /^\\[pP]/;
const UNICODE_CLASS_COST = 100;
/** Case-insensitive ranges are built character by character. */
const CHARACTERS_PER_INSTRUCTION = 128;
const LAST_WITH_CASE = 0x1e943;

function classCost(text: string): number {
  const properties = text.match(/\\[pP]/g)?.length ?? 0;
  let characters = 0;
  for (const [, code, end = ""] of text.matchAll(/-(?:\\x\{([\da-f]{1,6})\}|(.))/giu)) {
    characters += Math.min(code === undefined ? (end.codePointAt(0) ?? 0) : Number.parseInt(code, 16), LAST_WITH_CASE);
  }
  return properties * UNICODE_CLASS_COST + Math.floor(characters / CHARACTERS_PER_INSTRUCTION);
}
