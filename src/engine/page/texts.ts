import type { PageContext } from "./context.ts";

/** The built-in texts of one language: all texts of the page and of the plain text. */
export interface PageTexts extends Readonly<Record<PageContext["mode"], ModeTexts>> {
  /** Label of the hour at which the site is expected back. */
  readonly expectedEnd: string;
  /** Label of the countdown. */
  readonly timeLeft: string;
  /** Shown when the countdown has ended and the site is not open yet. */
  readonly soon: string;
  /** Says that a reload is not needed. */
  readonly returns: string;
  /** Says that what the client sent was not saved, because the application never got it, and what to do. */
  readonly notTaken: string;
  /** The same if it is not known whether the application got it. */
  readonly checkFirst: string;
  /** Shown in place of the end, on a page that must not reload, once the site is open. */
  readonly open: string;
  /** Label of the start of the closure. */
  readonly since: string;
  /** Label of the last change. */
  readonly updated: string;
  /** Label of the contact. */
  readonly contact: string;
  readonly moreInformation: string;
  readonly tryAgain: string;
  readonly goBack: string;
}

export interface ModeTexts {
  /** The mode in a word or two. */
  readonly word: string;
  readonly title: string;
  readonly message: string;
}
