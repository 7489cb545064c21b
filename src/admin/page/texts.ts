import type { ErrorCode } from "../../errors.ts";
import type { Mode } from "../../state/mode.ts";
import type { Target } from "./words.ts";

/** Refusals that an operator can meet, whatever the API says to programs. */
type ToldCode = Extract<
  ErrorCode,
  | "ERR_UNAUTHENTICATED"
  | "ERR_FORBIDDEN"
  | "ERR_NOT_FOUND"
  | "ERR_INVALID_REQUEST"
  | "ERR_UNKNOWN_SITE"
  | "ERR_TOO_MANY_REQUESTS"
  | "ERR_CONFLICT"
  | "ERR_OVERRIDDEN"
  | "ERR_STORE_UNAVAILABLE"
  | "ERR_UNEXPECTED"
>;

/** The texts of one language that the page without script and the script share, and those of the page without script. */
export interface SharedTexts {
  readonly signIn: string;
  readonly signOut: string;
  readonly password: string;
  readonly wrongPassword: string;
  readonly signedOut: string;
  /** The only way in is that of the application. */
  readonly applicationOnly: string;
  readonly sites: string;
  readonly allSites: string;
  readonly search: string;
  readonly cancel: string;
  /** Above the warnings of what is about to be done. */
  readonly beforeYouContinue: string;
  readonly messageForVisitors: string;
  readonly modes: Readonly<Record<Mode, string>>;
  readonly refused: Readonly<Record<ToldCode, string>>;
  /** On buttons. */
  readonly close: (target: Target) => string;
  /** In the heading of what asks once before. */
  readonly askClose: (target: Target) => string;
  readonly held: HeldTexts;
  readonly plain: PlainTexts;
}

/** A running command holds a site closed. */
interface HeldTexts {
  /** In place of its name, for a user who may not see that. */
  readonly command: string;
  readonly by: (given: { readonly who: string; readonly since: string }) => string;
  readonly silent: (since: string) => string;
  readonly stops: string;
  /** Confirms that the site is opened, or its closure narrowed. */
  readonly anyway: string;
}

/** Texts of the page without script alone. */
interface PlainTexts {
  readonly signedIn: string;
  readonly signedInAs: (name: string) => string;
  /** There is no way in for people. */
  readonly tokensOnly: string;
  readonly notOpen: (count: number) => string;
  readonly opened: string;
  readonly closed: string;
  /** A form was refused: what it has is missing or too long. */
  readonly invalidForm: string;
  /** A form was refused for a reason that has no text of its own. */
  readonly refused: string;
  readonly tooManyAttempts: (minutes: number) => string;
  readonly warning: string;
  readonly site: string;
  readonly ownSwitch: string;
  readonly inForce: string;
  readonly until: (given: { readonly mode: string; readonly end: string }) => string;
  readonly only: (given: { readonly mode: string; readonly paths: string }) => string;
  readonly reason: string;
  readonly closeSelected: string;
  readonly openSelected: string;
  readonly moreSites: string;
  readonly willRead: (message: string) => string;
  readonly willReadBuiltIn: string;
  readonly untilOpened: string;
}
