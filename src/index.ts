export type { Clock } from "./clock.ts";
export { defineConfig } from "./config/define-config.ts";
export type {
  BrandingOptions,
  CorsOptions,
  ExemptOptions,
  LogOutOptions,
  MaintenanceOptions,
  ReadOnlyOptions,
  SiteOptions,
  UserExemptions,
} from "./config/options.ts";
export type { Outcome } from "./control/apply/apply-command.ts";
export type { NewToken } from "./control/apply/mint-access-token.ts";
export type { HeldView } from "./control/barrier/held.ts";
export type { WaitOptions } from "./control/barrier/wait-options.ts";
export type {
  ProcessView,
  Standing,
  WaitedClosure,
  WaitProgress,
  WaitReason,
  WaitRemark,
  WaitResult,
} from "./control/barrier/wait-result.ts";
export type {
  AddExemptionsCommand,
  AddLinkCommand,
  AddSiteCommand,
  AddTokenCommand,
  AnswerSettings,
  CloseCommand,
  Command,
  EditCommand,
  EndSessionsCommand,
  FoundRecord,
  OpenCommand,
  RemoveExemptionsCommand,
  RemoveSiteCommand,
  RestoreCommand,
  RevokeLinksCommand,
  RevokeTokensCommand,
  SiteSettings,
  SwitchSettings,
} from "./control/command.ts";
export {
  type Authority,
  type CommandResult,
  type Controller,
  type ControllerOptions,
  createController,
} from "./control/controller.ts";
export {
  type MaintenanceScope,
  openMaintenanceScope,
  type ScopeOptions,
  type ScopeSettings,
  withMaintenance,
} from "./control/scopes/with-maintenance.ts";
export type {
  ChangeOptions,
  CloseOptions,
  CreatedLink,
  CreatedToken,
  EditOptions,
  ExemptionVerbs,
  LinkVerbs,
  ListedLink,
  ListedToken,
  NewExemptionsOptions,
  NewLink,
  NewSite,
  OpenOptions,
  RemovedExemptions,
  RemoveSiteOptions,
  RevokeLinkOptions,
  SiteSelection,
  SiteVerbs,
  TokenVerbs,
} from "./control/verbs.ts";
export type { WayIn } from "./control/views/ways-in.ts";
export type { CustomAnswer } from "./engine/answer/custom-answer.ts";
export type { AnswerType } from "./engine/answer/response-plan.ts";
export type { TemplateContext, TemplateFunction } from "./engine/answer/template.ts";
export type { AllowReason, Block, BlockReason, ExemptionReason } from "./engine/decide/decision.ts";
export type { Where } from "./engine/decide/in-force.ts";
export type { Operation, RequestFacts, RouteMark, UserFacts } from "./engine/decide/request-facts.ts";
export type { PageContext, RenderedPage } from "./engine/page/context.ts";
export { type ErrorCode, isMaintenanceError, MaintenanceError, type MaintenanceErrorOptions } from "./errors.ts";
export type { FeedState } from "./feed/feed.ts";
export type { Finding } from "./finding.ts";
export type { WorkPolicy } from "./fleet/barrier.ts";
export type { FleetLevel } from "./fleet/row.ts";
export type { Hold, HoldOptions } from "./gate/hold.ts";
export type { Readiness } from "./gate/readiness.ts";
export type { WhenOpenOptions } from "./gate/when-open.ts";
export { createGate, type Gate } from "./gate.ts";
export type { FleetStatus, GateStatus, SiteStatus } from "./gate-status.ts";
export type { Logger } from "./logger.ts";
export type { AccessRecord, AccessToken, EndedSession, Right } from "./state/access-token.ts";
export type { Actor } from "./state/actor.ts";
export type { BypassLink } from "./state/bypass-link.ts";
export type { End } from "./state/end.ts";
export type { Instant } from "./state/instant.ts";
export type { Mode } from "./state/mode.ts";
export type {
  ClosureSettings,
  ExemptAddress,
  Exemptions,
  ExemptPath,
  NewExemptAddress,
  NewExemptions,
  NewExemptPath,
  Notice,
  ResponseSettings,
  SiteRecord,
} from "./state/site-record.ts";
export type { State } from "./state/state.ts";
export { requireReadableChange, requireReadableContent } from "./stores/log/change.ts";
export type {
  Barrier,
  BarrierResult,
  BarrierText,
  HeldRow,
  MemberCallOptions,
  MemberList,
  MemberListing,
  Membership,
  MemberText,
  NoMember,
  Replication,
  StoredMember,
} from "./stores/members.ts";
export type {
  ChangeDraft,
  CommitOptions,
  CommitResult,
  HintListener,
  HistoryQuery,
  LoadOptions,
  PartRecord,
  Position,
  RecordChange,
  StateChange,
  StateContent,
  StateDocument,
  Store,
  StoreCallOptions,
  StoreCapabilities,
  StoredRecord,
  StoreMigrations,
} from "./stores/store.ts";
export type { Count, GateCounters } from "./telemetry/counters.ts";
export type { DecidedMessage } from "./telemetry/diagnostics.ts";
export type { ChangedEvent, GateEvent, StatusEvent, SwitchedEvent } from "./telemetry/gate-event.ts";
