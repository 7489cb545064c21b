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

/** Why a request passes although the site is closed. */
export type ExemptionReason =
  | "test-run"
  | "address"
  | "path"
  | "method"
  | "redirect-target"
  | "bypass-link"
  | "bypass-cookie"
  | "user";

export type BlockReason = "route-forced-closed" | "override-closed" | "never-loaded" | "mode" | "lockdown";

export interface Allow {
  readonly outcome: "allow";
  readonly reason: AllowReason;
  /** The site whose mode was in effect, or that nothing was. */
  readonly site: string | null;
  readonly mode: Mode;
  readonly rule: Rule | null;
  /** The site is closed and the request passes: the answer must not be stored in a shared cache. */
  readonly bypass: boolean;
  /** The version of the state that decided. */
  readonly version: number;
}

/** The request presents a bypass link: the client gets a cookie, and is redirected to the address without the token. */
export interface Admit {
  readonly outcome: "admit";
  readonly reason: "bypass-link";
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  readonly rule: Rule;
  /** The link's id. */
  readonly link: string;
  /** The site whose record holds it. */
  readonly holder: string;
  readonly version: number;
}

export interface Block {
  readonly outcome: "block";
  readonly reason: BlockReason;
  /** The site whose record decides what is answered. */
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  /** When the site opens automatically, in epoch milliseconds, or `null`. */
  readonly until: number | null;
  readonly version: number;
}

/** The decision depends on a fact that only the application knows. Ask it, and decide again. */
export interface Defer {
  readonly outcome: "defer";
  readonly needs: "user" | "operation";
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  readonly version: number;
}

/** Of a request for which nothing is closed: the same object for all of them. */
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

/** The one rule that let a request through, in the words in which it was written. */
export interface Rule {
  readonly text: string;
  /** `configuration`, or the site whose record holds it. */
  readonly source: string;
  readonly description: string;
}
