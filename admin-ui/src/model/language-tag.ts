/** A tag as it is usually written: `pt-BR` for `PT-br`; `null` for what is none. */
export function languageTag(typed: string): string | null {
  try {
    return Intl.getCanonicalLocales(typed)[0] ?? null;
  } catch {
    return null;
  }
}
