import { languageName } from "./language-name.ts";

const LABELS: Readonly<Record<string, string>> = {
  hosts: "Hosts",
  mode: "Mode",
  until: "Until",
  paths: "Only these paths",
  lockdown: "Lockdown",
  "notice.title": "Title",
  "notice.message": "Message",
  "notice.url": "Status page",
  "response.status": "Status code",
  "response.retryAfter": "Retry-After",
  "response.refresh": "Refresh",
  "response.redirect": "Redirect",
  "exemptions.paths": "Exempt paths",
  "exemptions.addresses": "Exempt addresses",
  links: "Bypass links",
  linkGeneration: "All bypass links revoked",
  tokens: "Access tokens",
  sessionGeneration: "Times that everybody was signed out",
};

/** What a member is called on the page: `notice.translations.de.title` is the title, in German. */
export function fieldLabel(key: string): string {
  const [group, member, language, name] = key.split(".");
  if (group === "notice" && member === "translations" && language !== undefined) {
    return `${name === undefined ? "Texts" : (LABELS[`notice.${name}`] ?? name)} (${languageName(language)})`;
  }
  return LABELS[key] ?? key;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Any stored value in words; what is not there is `none`. */
export function valueWords(value: unknown): string {
  if (isEmpty(value)) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.map(itemWords).join(", ");
  return itemWords(value);
}

function itemWords(item: unknown): string {
  if (!(item instanceof Object)) return String(item);
  const parts = ["pattern", "range", "label", "name", "title", "message", "description"].map((name) =>
    Reflect.get(item, name),
  );
  const words = parts.filter((part) => typeof part === "string" && part !== "");
  return words.length === 0 ? JSON.stringify(item) : words.join(" · ");
}
