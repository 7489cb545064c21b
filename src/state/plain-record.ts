import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";
import { isMode } from "./mode.ts";
import { isSiteId, NO_NOTICE, NONE, type Notice, openRecord, type SiteRecord } from "./site-record.ts";

/** Host names that `parseHost` returns as they are. Those in punycode are left to it. */
const PLAIN_HOST = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HOST_LENGTH = 253;
const PLAIN_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * Reads the text of a record that has only members with simple values, as nearly all of 100,000 have: its hosts, its mode and times, a
 * title and a message, and who changed it. Returns what `parseSiteRecord` returns, or `null` for any other text, valid or not.
 */
export function readPlainRecord(id: string, version: number, text: string): SiteRecord | null {
  if (!isSiteId(id) || !Number.isSafeInteger(version) || version < 0) return null;
  const members = parseObject(text);
  if (members === null) return null;
  const record: { -readonly [Key in keyof SiteRecord]: SiteRecord[Key] } = openRecord(id);
  record.version = version;
  for (const key in members) {
    const value = members[key];
    switch (key) {
      case "hosts":
        if (!Array.isArray(value) || !value.every(isPlainHost)) return null;
        record.hosts = value.length === 0 ? NONE : value;
        break;
      case "mode":
        if (!isMode(value)) return null;
        record.mode = value;
        break;
      case "since":
      case "until":
        if (value !== null && !isPlainInstant(value)) return null;
        record[key] = value;
        break;
      case "notice":
        if (!isPlainNotice(value)) return null;
        record.notice = { ...NO_NOTICE, ...value };
        break;
      case "restore":
        if (value !== null && !isPlainRestore(value)) return null;
        record.restore = value === null ? null : { notice: { ...NO_NOTICE, ...value.notice } };
        break;
      case "changed":
        if (!isPlainChange(value)) return null;
        record.changed = value;
        break;
      default:
        return null;
    }
  }
  return record;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlainHost(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= MAX_HOST_LENGTH && PLAIN_HOST.test(value) && !value.includes("xn--")
  );
}

function isPlainInstant(value: unknown): value is Instant {
  if (typeof value !== "string" || !PLAIN_INSTANT.test(value)) return false;
  const time = Date.parse(value);
  // `Date.parse` reads 30 February as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value.slice(0, -1));
}

function isPlainNotice(value: unknown): value is Partial<Notice> {
  if (!isObject(value) || !hasOnly(value, ["title", "message", "translations", "moreUrl"])) return false;
  const { title = "", message = "", translations = {}, moreUrl = null } = value;
  return isText(title) && isText(message) && isObject(translations) && hasOnly(translations, []) && moreUrl === null;
}

/** The settings that a closure with a message replaces. */
function isPlainRestore(value: unknown): value is { readonly notice: Partial<Notice> } {
  return isObject(value) && hasOnly(value, ["notice"]) && isPlainNotice(value.notice);
}

function isPlainChange(value: unknown): value is NonNullable<SiteRecord["changed"]> {
  if (!isObject(value) || !hasOnly(value, ["at", "by", "reason"])) return false;
  return isPlainInstant(value.at) && isPlainActor(value.by) && isText(value.reason);
}

function isPlainActor(value: unknown): value is Actor {
  if (!isObject(value) || !hasOnly(value, ["kind", "label", "from"])) return false;
  return isText(value.kind) && isText(value.label) && (value.from === undefined || isText(value.from));
}

function hasOnly(value: object, keys: readonly string[]): boolean {
  for (const key in value) if (!keys.includes(key)) return false;
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
