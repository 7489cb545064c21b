import type { Operation, RequestFacts, RouteMark, UserFacts } from "../../engine/decide/request-facts.ts";

/** Facts of a request into which the answers of the application can be written. */
export interface AskableFacts extends RequestFacts {
  user: UserFacts | undefined;
  operation: Operation | null | undefined;
  route: RouteMark | undefined;
}
