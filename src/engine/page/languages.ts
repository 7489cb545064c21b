import { hi, id, ja, ko, tr, vi } from "./texts/asian.ts";
import { simplified, traditional } from "./texts/chinese.ts";
import { da, de, en, nb, nl, sv } from "./texts/germanic.ts";
import { ar, fa, he } from "./texts/right-to-left.ts";
import { es, fr, it, pt } from "./texts/romance.ts";
import { cs, pl, ru, uk } from "./texts/slavic.ts";
import type { PageTexts } from "./texts.ts";

const TEXTS: ReadonlyMap<string, PageTexts> = new Map(
  Object.entries({
    ...{ ar, cs, da, de, en, es, fa, fr, he, hi, id, it, ja, ko, nb, nl, pl, pt, ru, sv, tr, uk, vi },
    "zh-Hans": simplified,
    "zh-Hant": traditional,
  }),
);

const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he"];

/** Used for clients that prefer no built-in language. */
export const DEFAULT_LANGUAGE = "en";

/** The languages with built-in texts, as BCP 47 tags (RFC 5646). */
export const LANGUAGES: readonly string[] = [...TEXTS.keys()];

/** Returns the built-in texts of one of `LANGUAGES`; those of the default language for any other tag. */
export function textsFor(tag: string): PageTexts {
  return TEXTS.get(tag) ?? en;
}

/** Returns the direction of text in one of `LANGUAGES`. */
export function directionOf(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.includes(tag) ? "rtl" : "ltr";
}
