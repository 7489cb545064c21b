import { MaintenanceError } from "../../errors.ts";
import {
  compileLinearRegExp,
  isLinearRegExpLoaded,
  REGEXP_PREFIX,
  requireBoundedExpression,
} from "../linear-regexp.ts";
import { decodePath, normalizePath } from "./normalize.ts";

/** A parsed path pattern. Texts are decoded, without empty segments. */
export type PathPattern = LiteralPattern | PrefixPattern | ParametersPattern | RegularExpressionPattern;

/** `/health`: only this path; a trailing slash makes a difference. */
export interface LiteralPattern {
  readonly kind: "literal";
  readonly path: string;
}

/** `/blog/*`: `/blog` and every path below it. `/*` has the path `""`. */
export interface PrefixPattern {
  readonly kind: "prefix";
  readonly path: string;
}

/** `/users/:id`: a parameter matches one whole, non-empty segment. */
export interface ParametersPattern {
  readonly kind: "parameters";
  /** `null` is a parameter. */
  readonly segments: readonly (string | null)[];
  /** The pattern ends in `/*`: it matches every path below too. */
  readonly below: boolean;
}

/** `re:^/news/\d+$`. */
export interface RegularExpressionPattern {
  readonly kind: "regular-expression";
  readonly source: string;
}

/** In UTF-16 code units. Also applies to stored patterns: lowering it makes records unreadable. */
const MAX_PATTERN_LENGTH = 2048;

const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Parses a path pattern. Throws `ERR_INVALID_PATTERN`, with the fix as hint. A regular expression is compiled to validate it if
 * `loadLinearRegExp` was called; otherwise the matcher compiles it.
 */
export function parsePathPattern(text: string): PathPattern {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw refusal(`${text.slice(0, 40)}…`, `is longer than ${MAX_PATTERN_LENGTH} characters`, "Write a shorter one.");
  }
  if (text.startsWith(REGEXP_PREFIX)) return parseRegularExpression(text);
  refuseOtherSyntax(text);
  const below = text.endsWith("/*");
  const clear = normalizePath(below ? text.slice(0, -1) : text);
  if (clear === null) {
    throw refusal(text, "can be read as more than one path", "Write the path in its plain form: '/below/path'.");
  }
  const path = decodePath(clear);
  const written = text
    .replace(/\/{2,}/g, "/")
    .split("/")
    .slice(1);
  const segments = path.split("/").slice(1);
  if (below) segments.pop();
  if (!written.some((segment) => segment.startsWith(":"))) {
    return below ? { kind: "prefix", path: path.slice(0, -1) } : { kind: "literal", path };
  }
  return {
    kind: "parameters",
    segments: segments.map((segment, i) => (written[i]?.startsWith(":") ? null : segment)),
    below,
  };
}

function parseRegularExpression(text: string): RegularExpressionPattern {
  const source = text.slice(REGEXP_PREFIX.length);
  if (source === "") throw refusal(text, "has no regular expression after 're:'", "Write 're:^/news/' or similar.");
  if (isLinearRegExpLoaded()) compileLinearRegExp(source, false);
  else requireBoundedExpression(source);
  return { kind: "regular-expression", source };
}

function refuseOtherSyntax(text: string): void {
  if (text === "") throw refusal(text, "is empty", "Write '/*' for every path.");
  if (!text.startsWith("/")) {
    throw refusal(text, "starts neither with '/' nor with 're:'", fixForStart(text));
  }
  if (/[?#]/.test(text)) {
    throw refusal(text, "contains '?' or '#', but patterns match the path alone", fixFor(text, /[?#].*$/s));
  }
  const other = /[{}()+]/.exec(text);
  if (other !== null) {
    const plain = text.replace(/[{}()+]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);
    const isExpression = /^[^{}+()]*\([^()+{}]*\)[^{}+()]*$/.test(text);
    const expression = isExpression ? `Write 're:^${text}$', a regular expression, or ` : "Write ";
    throw refusal(text, `contains '${other[0]}'`, `${expression}'${plain}' for the characters.`);
  }
  if (text.replace(/\/\*$/, "").includes("*")) {
    const fix = /^[^*]*[^*/]\*$/.test(text)
      ? `Write '${text.slice(0, -1)}/*'.`
      : `Write '${expressionOf(text)}', or ':name' for one whole segment.`;
    throw refusal(text, "contains a '*' that is not its last segment", fix);
  }
  const colon = text.split("/").find((segment) => segment.includes(":") && !PARAMETER.test(segment));
  if (colon !== undefined) {
    const fix = `Write '${text.replace(colon, colon.replaceAll(":", "%3A"))}' for the character.`;
    throw refusal(text, `contains '${colon}', but a parameter is one whole segment such as ':id'`, fix);
  }
}

function fixForStart(text: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/[^?#]*)?/i.exec(text);
  if (path !== null) return `Write only the path: '${path[1] ?? "/"}'.`;
  // Anchored, or with characters that only expressions have: Django writes these without the leading slash.
  if (/[\^$\\|()[\]+]/.test(text)) {
    const anchored = text.replace(/(^|\|)\^?\/?/g, (_, before: string) => `${before}^/`);
    return `Write 're:${text.includes("^") ? anchored : text}', a regular expression over the path with its slash.`;
  }
  if (text === "*") return "Write '/*'.";
  if (!text.includes("*")) return `Write '/${text}'.`;
  return /^[^*]+\/\*$/.test(text) ? `Write '/${text}'.` : `Write '${expressionOf(text)}'.`;
}

/** Returns the regular expression for a glob. */
function expressionOf(glob: string): string {
  const start = glob.startsWith("/") ? "^" : glob.startsWith("*") ? "" : "^/";
  const body = glob
    .replace(/[.\\+?^${}()|[\]]/g, "\\$&")
    .replace(/^\*+(?!\/)/, "")
    .replace(/\*+/g, (stars) => (stars.length > 1 ? ".*" : "[^/]*"));
  return `re:${start}${body}$`;
}

function fixFor(text: string, superfluous: RegExp): string {
  return `Write '${text.replace(superfluous, "")}', or 're:' and a regular expression.`;
}

function refusal(text: string, reason: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_PATTERN", `The path pattern '${text}' ${reason}.`, { hint });
}
