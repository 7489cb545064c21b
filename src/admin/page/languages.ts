/** The languages of the admin's page, by BCP 47 tag, each by its own name. */
export const ADMIN_LANGUAGES = {
  de: "Deutsch",
  en: "English",
  es: "Español",
  fr: "Français",
  it: "Italiano",
  ja: "日本語",
  nl: "Nederlands",
  pl: "Polski",
  pt: "Português",
  "zh-Hans": "简体中文",
} as const;

export type AdminLanguage = keyof typeof ADMIN_LANGUAGES;

/** The cookie with the language that the operator has chosen. A cookie, as the server writes the first of the page in it. */
export const LANGUAGE_COOKIE = "maintenance-language";
