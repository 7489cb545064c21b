export type { AssumedClosure, ExplainRequest } from "./requests.ts";
export type {
  AdminEvent,
  ChangeResult,
  ExemptionList,
  Explanation,
  Health,
  HistoryEntryView,
  HistoryPage,
  LinkView,
  NewLinkView,
  Problem,
  SessionView,
  SiteList,
  SiteView,
  TokenView,
} from "./responses.ts";
