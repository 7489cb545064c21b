import type { Mode } from "../../state/mode.ts";

/** The input of a page. All members are plain text: the renderer escapes them. */
export interface PageContext {
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  /** Of the site's record. */
  readonly version: number;
  /** Of the built-in texts that were negotiated: a tag of `LANGUAGES`. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** The site's own title; empty for the built-in one. */
  readonly title: string;
  /** The site's own message; empty for the built-in one. */
  readonly message: string;
  /** The language tag of a title that was translated; `null` for one that was not, and for the built-in one. */
  readonly titleLanguage: string | null;
  /** The same of the message. */
  readonly messageLanguage: string | null;
  /**
   * What became of what the request sent, a form for instance: `"not-taken"` where the application never saw it, `"check-first"` where
   * that is not known; `null` for a request that sends nothing. Such a page must not reload: the form would be lost.
   */
  readonly sent: "not-taken" | "check-first" | null;
  /** When the site opens automatically, in epoch milliseconds, or `null`. */
  readonly until: number | null;
  /** When the closure began, in epoch milliseconds, or `null`. */
  readonly since: number | null;
  /** When the site's record was last changed, in epoch milliseconds, or `null`. */
  readonly updated: number | null;
  /** Whose page it is, as the configuration says; empty: the built-in page shows the host. */
  readonly name: string;
  /** An address, a number, a URL or a sentence of the configuration, or `null`. */
  readonly contact: string | null;
  /** A `data:` URI of the configuration, or `null`. */
  readonly logo: string | null;
  /** Where to read more, or `null`. */
  readonly url: string | null;
}

/** A rendered page: its body, and the policy under which it works. */
export interface RenderedPage {
  readonly body: string;
  /** The value of `Content-Security-Policy`, or `null` to send none. */
  readonly contentSecurityPolicy: string | null;
}

export type RenderPage = (context: PageContext) => RenderedPage;

/** What an `Accept-Language` header (RFC 9110 section 12.5.4) asks for. */
export interface WantedLanguages {
  /** In which the page has texts: the best that it has, else its default. */
  readonly page: string;
  /** The language ranges down to the one that found it, best first, and then that language itself: the notice can be in any of them. */
  readonly ranges: readonly string[];
}

/** Renders the answer to blocked clients in their language. The built-in page is in `page/`; an application can supply another. */
export interface Page {
  /** Never throws, whatever the header holds. */
  languagesFor(acceptLanguage: string): WantedLanguages;
  directionOf(language: string): "ltr" | "rtl";
  /** What a problem or a plain text opens with, when the site has no title of its own. */
  titleOf(context: PageContext): string;
  /** What follows the title: the site's own message, or the built-in one. */
  messageOf(context: PageContext): string;
  renderHtml: RenderPage;
  renderText(context: PageContext): string;
}
