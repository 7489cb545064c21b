export type { Clock } from "./clock.ts";
export { defineConfig } from "./config/define-config.ts";
export type * from "./config/options.ts";
export type { Application, Outcome } from "./control/apply/apply-command.ts";
export type { NewToken } from "./control/apply/mint-access-token.ts";
export type * from "./control/command.ts";
export {
  type CommandResult,
  type Controller,
  type CreatedLink,
  type CreatedToken,
  createController,
  type NewLink,
} from "./control/controller.ts";
export {
  type MaintenanceScope,
  openMaintenanceScope,
  type ScopeOptions,
  withMaintenance,
} from "./control/scopes/with-maintenance.ts";
export type { ResponsePlan } from "./engine/answer/response-plan.ts";
export type * from "./engine/decide/decision.ts";
export type { RequestFacts, UserFacts } from "./engine/decide/request-facts.ts";
export type { Snapshot } from "./engine/snapshot/snapshot.ts";
export { type ErrorCode, isMaintenanceError, MaintenanceError } from "./errors.ts";
export { createGate, type Gate } from "./gate.ts";
export type { GateStatus, SiteStatus } from "./gate-status.ts";
export type { Logger } from "./logger.ts";
export type { AccessRecord, AccessToken, Right } from "./state/access-token.ts";
export type { Actor } from "./state/actor.ts";
export type { Mode } from "./state/mode.ts";
export type { ExemptAddress, ExemptPath, Notice, ResponseSettings, SiteRecord } from "./state/site-record.ts";
export type { State } from "./state/state.ts";
export type * from "./stores/store.ts";
export type { Count, GateCounters } from "./telemetry/counters.ts";
export type { DecidedMessage } from "./telemetry/diagnostics.ts";
export type * from "./telemetry/gate-event.ts";
