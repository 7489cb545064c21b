import { memoize } from "../snapshot/memoize.ts";

interface LanguageTag {
  /** As written, in lower case and with hyphens. */
  readonly tag: string;
  /** The canonical language: `he` for `iw`, `nb` for `no`. */
  readonly language: string;
  /** A language that readers of this one understand: `nb` for `nn`. */
  readonly family: string;
  /** The script, as written or the likely one: `Hant` for `zh-TW`. */
  readonly script: string | undefined;
  readonly region: string | undefined;
  /** The region, as written or the likely one: `BR` for `pt`. */
  readonly likelyRegion: string | undefined;
}

/** `Intl` keeps `no`, although most Norwegian texts are tagged `nb`. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([["no", "nb"]]);
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ["nn", "nb"],
  ["yue", "zh"],
]);

const RIGHT_TO_LEFT: ReadonlySet<string | undefined> = new Set([
  "Adlm",
  "Arab",
  "Hebr",
  "Mand",
  "Nkoo",
  "Rohg",
  "Syrc",
  "Thaa",
]);

/**
 * Returns the tag that best suits a reader of `range`, or `null`. Like the lookup of RFC 4647 section 3.4, but by meaning: `zh-HK` and
 * `zh-TW` are both traditional Chinese, `pt` and `pt-BR` are written the same way, `iw` is `he`. A tag in another script is only used
 * if it names the language alone.
 */
export function findLanguage(range: string, tags: readonly string[]): string | null {
  const wanted = readTag(range);
  let best: string | null = null;
  let bestRank = 0;
  for (const tag of tags) {
    const rank = rankOf(readTag(tag), wanted);
    if (rank > bestRank) [best, bestRank] = [tag, rank];
  }
  return best;
}

/** Returns the direction of text in this language. */
export function directionOfTag(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(readTag(tag).script) ? "rtl" : "ltr";
}

function rankOf(offered: LanguageTag, wanted: LanguageTag): number {
  if (offered.tag === wanted.tag) return 9;
  if (offered.family !== wanted.family) return 0;
  const rank = offered.language === wanted.language ? 4 : 1;
  if (offered.script !== wanted.script) return offered.tag === offered.language ? 1 : 0;
  if (offered.region === undefined) return rank + 1;
  return offered.region === wanted.likelyRegion ? rank + 2 : rank;
}

const readTag: (tag: string) => LanguageTag = memoize((text) => {
  const tag = text.replaceAll("_", "-").toLowerCase();
  const locale = localeOf(tag) ?? localeOf(tag.split("-", 1)[0] ?? "");
  const own = locale?.language ?? tag;
  const language = SYNONYMS.get(own) ?? own;
  const { script, region } = locale?.maximize() ?? {};
  return {
    tag,
    language,
    family: FAMILIES.get(language) ?? language,
    script,
    region: locale?.region,
    likelyRegion: region,
  };
});

function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    // Throws a RangeError for invalid tags, and for old forms such as `zh-yue`.
    return null;
  }
}
