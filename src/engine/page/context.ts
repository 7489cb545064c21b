import type { Mode } from "../../state/mode.ts";

/** The input of a page. All members are plain text: the renderer escapes them. */
export interface PageContext {
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  /** Version of the site's record. */
  readonly version: number;
  /** Language of the built-in texts, negotiated with the client: a tag of `LANGUAGES`. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** The site's own title; empty for the built-in one. */
  readonly title: string;
  /** The site's own message; empty for the built-in one. */
  readonly message: string;
  /** Language tag of a translated title; `null` for one without translation, and for the built-in one. */
  readonly titleLanguage: string | null;
  /** The same for the message. */
  readonly messageLanguage: string | null;
  /**
   * Whether the application got what the request sent, for instance a form: `"not-taken"` if it certainly did not, `"check-first"` if that
   * is not known; `null` for a request that sends nothing. Such a page must not reload: the form would be lost.
   */
  readonly sent: "not-taken" | "check-first" | null;
  /** When the site opens automatically, in epoch milliseconds, or `null`. */
  readonly until: number | null;
  /** When the closure began, in epoch milliseconds, or `null`. */
  readonly since: number | null;
  /** When the site's record was last changed, in epoch milliseconds, or `null`. */
  readonly updated: number | null;
  /** Name of the site's owner from the configuration. If empty, the built-in page shows the host. */
  readonly name: string;
  /** An address, a phone number, a URL or a sentence from the configuration, or `null`. */
  readonly contact: string | null;
  /** A `data:` URI from the configuration, or `null`. */
  readonly logo: string | null;
  /** URL with more information, or `null`. */
  readonly moreUrl: string | null;
}

/** A rendered page and its Content-Security-Policy. */
export interface RenderedPage {
  readonly body: string;
  /** The value of `Content-Security-Policy`, or `null` to send none. */
  readonly contentSecurityPolicy: string | null;
}

export type RenderPage = (context: PageContext) => RenderedPage;

/** The languages in an `Accept-Language` header (RFC 9110 section 12.5.4). */
export interface WantedLanguages {
  /** The best language for which the page has texts, else its default. */
  readonly page: string;
  /** The language ranges up to the one that matched, best first, and then that language: the notice can be in any of them. */
  readonly ranges: readonly string[];
}

/** Renders the answer to blocked clients in their language. The built-in page is in `page/`; an application can supply another. */
export interface Page {
  /** Never throws, whatever the header contains. */
  languagesFor(acceptLanguage: string): WantedLanguages;
  directionOf(language: string): "ltr" | "rtl";
  /** Returns the title of a problem or a plain text for a site without its own title. */
  titleOf(context: PageContext): string;
  /** Returns the text after the title: the site's own message, or the built-in one. */
  messageOf(context: PageContext): string;
  renderHtml: RenderPage;
  renderText(context: PageContext): string;
}
