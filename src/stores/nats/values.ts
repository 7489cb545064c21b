import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import { validate } from "../../validation/validate.ts";
import { type ChangeContent, parseChange, serializeChange } from "../log/change.ts";
import type { LogEntry } from "../log/log.ts";
import type { LogHead } from "../log/view.ts";

export interface NatsValue {
  readonly text: string;
  /** Revision of the bucket, raised by each write to any of its keys. */
  readonly revision: number;
  /** When the leader has written it, in epoch milliseconds. */
  readonly created: number;
}

/** The value of the key of a change. Once the key exists, the change is accepted. */
export interface NatsEntry extends LogEntry {
  readonly lineage: string;
}

/** The end of a log: it continues in another generation. */
export interface NatsMove {
  readonly moved: string;
}

export interface NatsHead extends LogHead {
  /** The oldest change that is kept. */
  readonly oldest: number;
}

/** The record of a site after the change `stateVersion`. */
export interface NatsSite {
  readonly id: string;
  readonly lineage: string;
  readonly stateVersion: number;
  /** Version of the record. */
  readonly version: number;
  /** `null` if the site was removed. */
  readonly text: string | null;
}

const versionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const positionEntries = { lineage: v.string(), version: versionNumber, stamp: v.string() };
const moveSchema = v.object({ moved: v.string() });
const positionSchema = v.object(positionEntries);
const headSchema = v.object({ ...positionEntries, oldest: versionNumber });
const siteSchema = v.object({
  id: v.string(),
  lineage: v.string(),
  stateVersion: versionNumber,
  version: versionNumber,
  text: v.nullable(v.string()),
});
const currentSchema = v.object({ life: v.string() });

export function parseEntry(key: string, text: string): NatsEntry | NatsMove {
  const json = parse(key, text);
  if (v.is(moveSchema, json)) return json;
  return { ...parseChange(text, subjectOf(key)), ...check(positionSchema, key, json) };
}

export function parseHead(key: string, text: string): NatsHead {
  return check(headSchema, key, parse(key, text));
}

export function parseSite(key: string, text: string): NatsSite {
  return check(siteSchema, key, parse(key, text));
}

export function parseCurrent(key: string, text: string): string {
  return check(currentSchema, key, parse(key, text)).life;
}

export function serializeEntry({ lineage, version, stamp }: LogHead, change: ChangeContent): string {
  return `${JSON.stringify({ lineage, version, stamp }).slice(0, -1)},${serializeChange(change).slice(1)}`;
}

function parse(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subjectOf(key)} is not JSON.`, { cause });
  }
}

function check<T>(schema: v.GenericSchema<unknown, T>, key: string, json: unknown): T {
  return validate(schema, json, "ERR_STATE_UNREADABLE", subjectOf(key));
}

function subjectOf(key: string): string {
  return `The key '${key}' of the bucket`;
}

/** Key that names the current generation. Only a shortcut: a client with an older one finds the next at the end of its log. */
export const CURRENT = "current";
/** The generation of a bucket into which no state was imported. */
export const FIRST_LIFE = "0";

export interface NatsKeys {
  /** Key of the position in the log up to which the records of the sites are updated. */
  readonly head: string;
  readonly allSites: string;
  readonly allChanges: string;
  site(id: string): string;
  change(version: number): string;
}

/** Returns the keys of one generation. An import writes a new generation beside the current one, and makes it the current one at the end. */
export function keysOf(life: string): NatsKeys {
  return {
    head: `${life}.head`,
    allSites: `${life}.site.*`,
    allChanges: `${life}.change.*`,
    site: (id) => `${life}.site.${encodeId(id)}`,
    change: (version) => `${life}.change.${version}`,
  };
}

/** Keys consist of letters, digits, `-`, `_`, `=` and `/`, separated by dots. Any other character is written as `=XX`, in UTF-8. */
function encodeId(id: string): string {
  return encodeURIComponent(id)
    .replace(/[.!~*'()]/g, toHex)
    .replaceAll("%", "=");
}

function toHex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
