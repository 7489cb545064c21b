import type { PageContext } from "./context.ts";

/** The built-in words of one language: what the page and the plain text may say, and nothing more. */
export interface PageTexts extends Readonly<Record<PageContext["mode"], ModeTexts>> {
  /** Label of the hour at which the site is expected back. */
  readonly expectedEnd: string;
  /** Label of the countdown. */
  readonly timeLeft: string;
  /** What the countdown says when it has run out and the site is not open yet. */
  readonly soon: string;
  /** Says that a reload is not needed. */
  readonly returns: string;
  /** What became of what was sent where the application never saw it, and what to do about it. */
  readonly notTaken: string;
  /** The same where nothing says whether the application has seen it. */
  readonly checkFirst: string;
  /** Shown in place of the end, on a page that must not reload, once the site is open. */
  readonly open: string;
  /** Label of the moment at which the closure began. */
  readonly since: string;
  /** Label of the moment of the last change. */
  readonly updated: string;
  /** Label of where to reach people. */
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
