import { ADMIN_LANGUAGES, type AdminLanguage, LANGUAGE_COOKIE } from "../../../src/admin/page/languages.ts";
import type { Words } from "../../../src/admin/page/words.ts";
import { en, type Texts } from "../texts/en.ts";
import { setLanguage } from "./current.ts";

/** Each is a file of its own, which is loaded when it is chosen. English is there from the start. */
const LOADERS: Readonly<Record<AdminLanguage, () => Promise<(words: Words) => Texts>>> = {
  de: async () => (await import("../texts/de.ts")).de,
  en: async () => en,
  es: async () => (await import("../texts/es.ts")).es,
  fr: async () => (await import("../texts/fr.ts")).fr,
  it: async () => (await import("../texts/it.ts")).it,
  ja: async () => (await import("../texts/ja.ts")).ja,
  nl: async () => (await import("../texts/nl.ts")).nl,
  pl: async () => (await import("../texts/pl.ts")).pl,
  pt: async () => (await import("../texts/pt.ts")).pt,
  "zh-Hans": async () => (await import("../texts/zh-hans.ts")).zhHans,
};

const YEAR_SECONDS = 31_536_000;
let latest: AdminLanguage = "en";

/** Takes the language in which the server has written the page. */
export function startLanguage(): Promise<void> {
  const tag = tagOf(document.documentElement.lang) ?? "en";
  // Without its texts, as when the connection is lost just now, the page works in English.
  return load(tag).catch(() => load("en"));
}

/** Throws what the import throws when the file cannot be loaded. */
export async function chooseLanguage(tag: AdminLanguage): Promise<void> {
  await load(tag);
  const attributes = [`Path=${location.pathname}`, `Max-Age=${YEAR_SECONDS}`, "SameSite=Lax"];
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store API, nor any without HTTPS
  document.cookie = [`${LANGUAGE_COOKIE}=${tag}`, ...attributes].join("; ");
}

async function load(tag: AdminLanguage): Promise<void> {
  latest = tag;
  const texts = await LOADERS[tag]();
  // Another was chosen while this one was on its way.
  if (latest !== tag) return;
  document.documentElement.lang = tag;
  setLanguage(tag, regionalLocale(tag), texts);
}

/** As the reader's own region writes dates: `de-AT` for an Austrian browser and the German page. */
function regionalLocale(tag: AdminLanguage): string {
  const { language: wanted, script } = new Intl.Locale(tag).maximize();
  const own = navigator.languages.find((one) => {
    const known = localeOf(one)?.maximize();
    return known?.language === wanted && known.script === script;
  });
  return own ?? (tag === "en" ? "en-GB" : tag);
}

function tagOf(text: string): AdminLanguage | undefined {
  return (Object.keys(ADMIN_LANGUAGES) as AdminLanguage[]).find((tag) => tag === text);
}

/** A browser that follows its system may name what is no tag, such as `en-US@posix`. */
function localeOf(text: string): Intl.Locale | null {
  try {
    return new Intl.Locale(text);
  } catch {
    return null;
  }
}
