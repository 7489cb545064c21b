/** The languages of the admin's page, by BCP 47 tag, each by its own name. */
export const ADMIN_LANGUAGES = {
  en: "English",
} as const;

export type AdminLanguage = keyof typeof ADMIN_LANGUAGES;

/** What the page keeps the operator's choice in, for the path of the admin alone: the server writes the first of the page in it. */
export const LANGUAGE_COOKIE = "maintenance-language";
