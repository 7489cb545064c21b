import type { PathRule } from "../../rules/paths/matcher.ts";
import type { Mode } from "../../state/mode.ts";

/** What becomes of a request. A value: it can be logged, compared and explained, and holds no secret. */
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
  /** The site is closed and this request passes all the same: the answer must not land in a shared cache. */
  readonly bypass: boolean;
  /** The version of the state that decided. */
  readonly version: number;
}

/** A bypass link was opened: its token is swapped for a cookie, and the browser sent to the clean address. */
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
  /** Epoch milliseconds when the site opens by itself, or `null`. */
  readonly until: number | null;
  readonly version: number;
}

/** It depends on what only the application can tell, and nobody has asked yet: find out, and decide again. */
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

/** How a rule over paths is told. */
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
