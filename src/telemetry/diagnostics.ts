import type { AllowReason, BlockReason, Decision, Defer } from "../engine/decide/decision.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import { normalizePath } from "../rules/paths/normalize.ts";
import type { Mode } from "../state/mode.ts";
import { ALL_SITES } from "../state/site-record.ts";

/** Of a channel of `node:diagnostics_channel`, what is used. */
export interface DiagnosticsChannel {
  readonly hasSubscribers: boolean;
  publish(message: object): void;
}

/** `maintenance-mode:switched`, `:blocked` and `:bypassed`. */
export interface DiagnosticsChannels {
  readonly switched: DiagnosticsChannel;
  readonly blocked: DiagnosticsChannel;
  readonly bypassed: DiagnosticsChannel;
}

/** What the channels `blocked` and `bypassed` carry of a request: nothing that came in a query, a header or a cookie. */
export interface DecidedMessage {
  readonly method: string;
  /** Normalised, without the query; `null` when it is malformed. */
  readonly path: string | null;
  /** The site whose mode was in effect: it may be `*`. */
  readonly site: string;
  readonly mode: Mode;
  readonly reason: AllowReason | BlockReason;
  /** The rule that let it through, as it was written; of a bypass link its id; `null` where there is none. */
  readonly rule: string | null;
  readonly version: number;
}

const silent: DiagnosticsChannel = { hasSubscribers: false, publish: () => {} };

export const NO_CHANNELS: DiagnosticsChannels = { switched: silent, blocked: silent, bypassed: silent };

export function decidedMessage(decision: Exclude<Decision, Defer>, { method, target }: RequestFacts): DecidedMessage {
  const { site, mode, reason, version } = decision;
  const rule = decision.outcome === "block" ? null : (decision.rule?.text ?? null);
  return { method, path: pathOf(target), site: site ?? ALL_SITES, mode, reason, rule, version };
}

/** An escaped question mark is decoded: a link that a mail program has escaped too much would show its token. */
function pathOf(target: string): string | null {
  return normalizePath(target)?.split("?", 1)[0] ?? null;
}
