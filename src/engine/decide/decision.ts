import type { PathRule } from "../../rules/paths/matcher.ts";
import type { Mode } from "../../state/mode.ts";

/** The decision on a request. Plain data without secrets: it can be logged and compared. */
export type Decision = Allow | Admit | Block | Defer;

export type AllowReason =
  | "operator-surface"
  | "route-forced-open"
  | "override-open"
  | "open"
  | "out-of-scope"
  | "safe-method"
  | "read-path"
  | "read-operation"
  | ExemptionReason;

/** The reason why a request passes although the site is closed. */
export type ExemptionReason =
  | "test-run"
  | "address"
  | "path"
  | "method"
  | "redirect-target"
  | "bypass-link"
  | "bypass-cookie"
  | "user";

export type BlockReason = "route-forced-closed" | "override-closed" | "never-loaded" | "mode" | "lockdown" | "fenced";

/** The request passes. */
export interface Allow {
  readonly outcome: "allow";
  readonly reason: AllowReason;
  /** The site whose mode was in effect, or `null`. */
  readonly site: string | null;
  readonly mode: Mode;
  readonly rule: Rule | null;
  /** The site is closed and the request passes: the answer must not be stored in a shared cache. */
  readonly bypass: boolean;
  /** Version of the state on which the decision is based. */
  readonly version: number;
}

/** The request contains a bypass link: the client gets a cookie, and is redirected to the address without the token. */
export interface Admit {
  readonly outcome: "admit";
  readonly reason: "bypass-link";
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  readonly rule: Rule;
  /** Id of the link. */
  readonly link: string;
  /** The site whose record contains the link. */
  readonly holder: string;
  readonly version: number;
}

/** The request is blocked: the client gets the answer of a closed site. */
export interface Block {
  readonly outcome: "block";
  readonly reason: BlockReason;
  /** The site whose record determines the answer. */
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  /** When the site opens automatically, in epoch milliseconds, or `null`. */
  readonly until: number | null;
  readonly version: number;
}

/** The decision depends on a fact that only the application knows. Ask it and decide again. */
export interface Defer {
  readonly outcome: "defer";
  readonly needs: "user" | "operation";
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  readonly version: number;
}

/** The decision if nothing is closed for the request: the same object for all such requests. */
export function allowOpen(version: number): Allow {
  return Object.freeze({
    outcome: "allow",
    reason: "open",
    site: null,
    mode: "open",
    rule: null,
    bypass: false,
    version,
  });
}

/** Returns the rule as a decision reports it. */
export function ruleOf({ pattern, source, description }: PathRule): Rule {
  return { text: pattern, source, description };
}

/** The rule that let a request pass, as written. */
export interface Rule {
  readonly text: string;
  /** `configuration`, or the id of the site whose record contains it. */
  readonly source: string;
  readonly description: string;
}
