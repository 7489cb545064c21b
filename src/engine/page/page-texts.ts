import type { PageContext } from "../page-context.ts";

/** The built-in words of one language: what the page and the plain text may say, and nothing more. */
export interface PageTexts extends Readonly<Record<PageContext["mode"], ModeTexts>> {
  /** Label of the hour at which the site is expected back. */
  readonly expectedEnd: string;
  /** Label of the countdown. */
  readonly timeLeft: string;
  /** What the countdown says when it has run out and the site is not open yet. */
  readonly soon: string;
  /** That nobody needs to reload. */
  readonly returns: string;
  /** What became of a change that was sent while the site is read-only, and what to do about it. */
  readonly unsaved: string;
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
