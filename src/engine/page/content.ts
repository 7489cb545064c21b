import type { PageContext } from "./context.ts";
import { textsFor } from "./languages.ts";
import type { PageTexts } from "./texts.ts";

/** The content of a page in its language, in any type: the site's own texts first, then the built-in ones. */
export interface PageContent {
  readonly texts: PageTexts;
  readonly word: string;
  readonly title: string;
  readonly message: string;
  /** Sentence on what the client sent; `null` if it sent nothing. */
  readonly sent: string | null;
  readonly end: PageEnd | null;
  readonly since: PageMoment | null;
  readonly updated: PageMoment | null;
  readonly contact: PageContact | null;
  /** An absolute http or https URL, or `null`. */
  readonly moreUrl: string | null;
}

/** A time for a reader whose time zone is not known: in UTC. */
export interface PageMoment {
  /** RFC 3339. */
  readonly instant: string;
  readonly text: string;
}

export interface PageEnd {
  readonly epoch: number;
  /** RFC 3339. */
  readonly instant: string;
  readonly hour: string;
  readonly day: string;
}

export interface PageContact {
  readonly text: string;
  /** `null` if the contact is a sentence. */
  readonly href: string | null;
}

export function pageContent(context: PageContext): PageContent {
  const { language, until, since, updated, contact, moreUrl } = context;
  const texts = textsFor(language);
  const builtIn = texts[context.mode];
  return {
    texts,
    word: builtIn.word,
    title: context.title || builtIn.title,
    message: context.message || builtIn.message,
    sent: context.sent && (context.sent === "not-taken" ? texts.notTaken : texts.checkFirst),
    end: until === null ? null : pageEnd(until, language),
    since: since === null ? null : pageMoment(since, language),
    updated: updated === null ? null : pageMoment(updated, language),
    contact: contact === null ? null : { text: contact, href: linkTo(contact) },
    moreUrl: moreUrl !== null && isWebUrl(moreUrl) ? moreUrl : null,
  };
}

function isWebUrl(text: string): boolean {
  return /^https?:/i.test(text) && URL.parse(text) !== null;
}

const MAIL_ADDRESS = /^[^\s@:?&]+@[^\s@:?&]+\.[^\s@:?&]+$/;
const TELEPHONE = /^\+?[\d ()./-]{5,30}$/;

function linkTo(contact: string): string | null {
  if (isWebUrl(contact)) return contact;
  if (MAIL_ADDRESS.test(contact)) return `mailto:${contact}`;
  return TELEPHONE.test(contact) ? `tel:${contact.replace(/[^\d+]/g, "")}` : null;
}

/** Returns `null` if `epoch` is not a valid time. */
function instantOf(epoch: number): string | null {
  const date = new Date(epoch);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace(/\.\d+Z$/, "Z");
}

const HOUR = { timeZone: "UTC", timeStyle: "short", hourCycle: "h23" } as const;

function pageEnd(epoch: number, language: string): PageEnd | null {
  const instant = instantOf(epoch);
  if (instant === null) return null;
  const hour = format(epoch, language, HOUR) ?? instant.slice(11, 16);
  const day = format(epoch, language, { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });
  return { epoch, instant, hour, day: day ?? instant.slice(0, 10) };
}

function pageMoment(epoch: number, language: string): PageMoment | null {
  const instant = instantOf(epoch);
  const text = format(epoch, language, { ...HOUR, dateStyle: "medium" });
  return instant === null ? null : { instant, text: text === null ? instant : `${text} UTC` };
}

/** Returns `null` in a runtime without locale data for the language, which throws: the caller then shows a plain time. */
function format(epoch: number, language: string, options: Intl.DateTimeFormatOptions): string | null {
  try {
    return new Intl.DateTimeFormat(language, options).format(epoch);
  } catch {
    return null;
  }
}
