import type { AllowReason, BlockReason, Decision, Defer } from "../engine/decide/decision.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import { normalizePath } from "../rules/paths/normalize.ts";
import type { Mode } from "../state/mode.ts";
import { ALL_SITES } from "../state/site-record.ts";

/** The members of a channel of `node:diagnostics_channel` that are used. */
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

/** The message of the channels `blocked` and `bypassed`. Contains nothing from a query, a header or a cookie. */
export interface DecidedMessage {
  readonly method: string;
  /** Normalised, without the query; `null` if it is malformed. */
  readonly path: string | null;
  /** The site whose mode was in effect, which may be `*`. */
  readonly site: string;
  readonly mode: Mode;
  readonly reason: AllowReason | BlockReason;
  /** The rule that let the request pass, as written; for a bypass link its id; `null` if there is none. */
  readonly rule: string | null;
  readonly version: number;
}

const silent: DiagnosticsChannel = { hasSubscribers: false, publish: () => {} };

export const NO_CHANNELS: DiagnosticsChannels = { switched: silent, blocked: silent, bypassed: silent };

export type DecidedRequest = Pick<RequestFacts, "method" | "target">;

export function decidedMessage(decision: Exclude<Decision, Defer>, { method, target }: DecidedRequest): DecidedMessage {
  const { site, mode, reason, version } = decision;
  const rule = decision.outcome === "block" ? null : (decision.rule?.text ?? null);
  return { method, path: pathOf(target), site: site ?? ALL_SITES, mode, reason, rule, version };
}

/** Escaped question marks are decoded: a link that a mail program has escaped twice would show its token. */
function pathOf(target: string): string | null {
  return normalizePath(target)?.split("?", 1)[0] ?? null;
}
