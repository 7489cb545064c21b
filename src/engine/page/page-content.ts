import type { PageContext } from "../page-context.ts";
import { textsFor } from "./languages.ts";
import type { PageTexts } from "./page-texts.ts";

/** What a page says in its language, whatever it is written in: the site's own words first, then the built-in ones. */
export interface PageContent {
  readonly texts: PageTexts;
  readonly word: string;
  readonly title: string;
  readonly message: string;
  readonly end: PageEnd | null;
  /** An absolute http or https URL, or `null`. */
  readonly url: string | null;
}

/** The end as it can be said to a reader whose time zone nobody knows: in UTC. */
export interface PageEnd {
  readonly epoch: number;
  /** RFC 3339. */
  readonly instant: string;
  readonly hour: string;
  readonly day: string;
}

export function pageContent(context: PageContext): PageContent {
  const texts = textsFor(context.language);
  const builtIn = texts[context.mode];
  return {
    texts,
    word: builtIn.word,
    title: context.title || builtIn.title,
    message: context.message || builtIn.message,
    end: context.until === null ? null : pageEnd(context.until, context.language),
    url: context.url !== null && /^https?:/i.test(context.url) && URL.parse(context.url) !== null ? context.url : null,
  };
}

function pageEnd(until: number, language: string): PageEnd | null {
  const date = new Date(until);
  if (Number.isNaN(date.getTime())) return null;
  const instant = date.toISOString().replace(/\.\d+Z$/, "Z");
  try {
    return { epoch: until, instant, hour: hourOf(date, language), day: dayOf(date, language) };
  } catch {
    // A runtime built without locale data throws for its language: a plain time is better than none.
    return { epoch: until, instant, hour: instant.slice(11, 16), day: instant.slice(0, 10) };
  }
}

function hourOf(date: Date, language: string): string {
  return date.toLocaleTimeString(language, { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function dayOf(date: Date, language: string): string {
  return date.toLocaleDateString(language, { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });
}
