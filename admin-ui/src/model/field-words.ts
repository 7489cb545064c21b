import { formats, t } from "../language/current.ts";

/** Returns the name of a member on the page: `notice.translations.de.title` is the title, in German. */
export function fieldLabel(key: string): string {
  const [group, member, tag, name] = key.split(".");
  if (group === "notice" && member === "translations" && tag !== undefined) {
    const field = name === undefined ? t().fields.texts : labelOf(`notice.${name}`);
    return t().fields.translated({ field, language: formats().languageName(tag) });
  }
  return labelOf(key);
}

/** A member of a later release is named as it is. */
function labelOf(key: string): string {
  const { settings, message, fields, end } = t();
  const labels = {
    hosts: settings.hosts,
    mode: end.mode,
    until: fields.until,
    paths: settings.paths,
    lockdown: settings.lockdown,
    "notice.title": message.title,
    "notice.message": message.message,
    "notice.moreUrl": message.url,
    "response.statusCode": settings.status,
    "response.retryAfter": settings.retryAfter,
    "response.refresh": settings.refresh,
    "response.redirect": settings.redirect,
    "exemptions.paths": fields.exemptPaths,
    "exemptions.addresses": fields.exemptAddresses,
    links: fields.links,
    linkGeneration: fields.linksRevoked,
    tokens: fields.tokens,
    sessionGeneration: fields.signedOut,
  };
  return Object.entries(labels).find(([member]) => member === key)?.[1] ?? key;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Any stored value in words; what is not there is `none`. */
export function valueWords(value: unknown): string {
  if (isEmpty(value)) return t().fields.none;
  if (typeof value === "boolean") return value ? t().fields.on : t().fields.off;
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
