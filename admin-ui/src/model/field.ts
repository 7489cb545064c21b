import type { SiteView } from "../../../src/admin/schema/responses.ts";

/** The value of one field of the page. */
export type FieldValue = string | number | boolean | null | readonly string[];

/** The members of a site that the page edits and saves together. */
export type SiteSettings = Pick<SiteView, "hosts" | "paths" | "lockdown" | "notice" | "response">;

type EditableSite = SiteSettings & Pick<SiteView, "configuredHosts">;

/** Dotted: `notice.message`, `notice.translations.de.title`, `response.statusCode`, `paths`. */
export type FieldKey = string;

/**
 * The value of the field `key` of a site; `""` for the texts of a language that it does not have. Of its hosts those of the record,
 * for the configuration's are not the page's to edit.
 */
export function readField(site: EditableSite, key: FieldKey): FieldValue {
  if (key === "hosts") return site.hosts.filter((host) => !site.configuredHosts.includes(host));
  let value: unknown = site;
  for (const name of key.split(".")) value = value instanceof Object ? Reflect.get(value, name) : undefined;
  return isFieldValue(value) ? value : "";
}

/** The members that `changes` touch, whole, as `PATCH` and `close` take them. A language without texts is left out. */
export function settingsWith(
  site: EditableSite,
  changes: Readonly<Record<FieldKey, FieldValue>>,
): Partial<SiteSettings> {
  const copy = structuredClone(site);
  const touched = new Set<string>();
  for (const [key, value] of Object.entries(changes)) {
    const names = key.split(".");
    touched.add(names[0] ?? "");
    write(copy, names, value);
  }
  const { translations } = copy.notice;
  const written = Object.entries(translations).filter(([, { title, message }]) => title !== "" || message !== "");
  const settings = { ...copy, notice: { ...copy.notice, translations: Object.fromEntries(written) } };
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => touched.has(name))
      .map(([name, value]) => [name, Array.isArray(value) ? value.filter((line) => line.trim() !== "") : value]),
  );
}

/** The languages in which a site, or what is being typed for it, has texts. */
export function languagesOf(site: SiteSettings, keys: Iterable<FieldKey>): readonly string[] {
  const languages = new Set(Object.keys(site.notice.translations));
  for (const key of keys) {
    const [, member, language] = key.split(".");
    if (member === "translations" && language !== undefined) languages.add(language);
  }
  return [...languages].sort();
}

export function sameValue(a: FieldValue, b: FieldValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function write(target: object, [name = "", ...rest]: readonly string[], value: FieldValue): void {
  if (rest.length === 0) {
    Reflect.set(target, name, value);
    return;
  }
  const inner: unknown = Reflect.get(target, name);
  const object = inner instanceof Object ? inner : { title: "", message: "" };
  Reflect.set(target, name, object);
  write(object, rest, value);
}

function isFieldValue(value: unknown): value is FieldValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value);
}
