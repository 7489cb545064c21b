import * as v from "valibot";
import { pauseAfter } from "../driver/pause-after.ts";
import type { MemberEntry, MemberStorage } from "../members/storage.ts";
import { refusedBy } from "./error.ts";
import type { ObjectAnswer, ObjectRequest } from "./request.ts";

export interface ObjectMembersOptions {
  /** Name of the store, for messages. It ends with the key. */
  readonly name: string;
  /** Key of the state: the entries are beside it, below `KEY.members/`. */
  readonly key: string;
  readonly request: ObjectRequest;
  /** Throws if the server ignores the conditions of a write. */
  requireConditions(signal: AbortSignal | undefined): Promise<void>;
  /** For the jitter of the pauses after a conflict. */
  readonly random: () => number;
}

interface Found extends MemberEntry {
  readonly tag: string;
  readonly isRemoved: boolean;
}

/** `null`: it is removed, and its object is about to be deleted. */
const content = v.object({ seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), text: v.nullable(v.string()) });

/** The number of requests at once. */
const BATCH = 32;
/** Each 409 means that another write of the same object was under way. */
const MAX_ATTEMPTS = 20;
/** `Date` and `Last-Modified` have whole seconds. */
const SECOND_MS = 1_000;

/** Keeps each text in an object, whose tag is the condition of a write. The number is in the object. */
export function objectMembers({ name, key: state, request, ...options }: ObjectMembersOptions): MemberStorage {
  const folder = `${state}.members/`;
  const place = `${name}.members`;
  /** The tags of what this process wrote last, so that a renewal is one request. */
  const written = new Map<string, Pick<Found, "seq" | "tag" | "isRemoved">>();
  let now: number | null = null;

  async function send(...[method, path, body, signal]: Parameters<ObjectRequest>): Promise<ObjectAnswer> {
    const answer = await request(method, path, body, signal);
    const date = Date.parse(answer.date ?? "");
    if (!Number.isNaN(date)) now = Math.max(now ?? 0, date);
    return answer;
  }

  async function find(key: string, signal: AbortSignal | undefined): Promise<Found | null> {
    const { status, code, tag, text, modified } = await send("GET", folder + key, {}, signal);
    if (status === 404 && code !== "NoSuchBucket") return null;
    if (status !== 200 || tag === null) throw refusedBy(place, status, code);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), content), text);
    const { seq, text: stored } = parsed.success ? parsed.output : { seq: 0, text };
    // The end of the second: the entry is not older than it says.
    const time = Date.parse(modified ?? "") + SECOND_MS - 1;
    return { key, seq, text: stored ?? "", isRemoved: stored === null, tag, written: Number.isNaN(time) ? null : time };
  }

  /** Writes an entry that has the number `seen`; with `null`, marks it as removed. Returns whether it was written. */
  async function write(key: string, text: string | null, seen: number, signal?: AbortSignal): Promise<boolean> {
    await options.requireConditions(signal);
    const seq = seen + 1;
    const body = JSON.stringify({ seq, text });
    for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
      const known = written.get(key);
      const found = known?.seq === seen ? known : await find(key, signal);
      if ((found?.seq ?? 0) !== seen || found?.isRemoved || (found === null && text === null)) return false;
      const condition = found === null ? { "If-None-Match": "*" } : { "If-Match": found.tag };
      const headers = { ...condition, "Content-Type": "application/json", "Cache-Control": "no-store" };
      const { status, code, tag } = await send("PUT", folder + key, { headers, body }, signal);
      written.delete(key);
      if (status === 200) {
        if (tag !== null && text !== null) written.set(key, { seq, tag, isRemoved: false });
        return true;
      }
      const isChanged = status === 412 || (status === 404 && code === "NoSuchKey");
      if (!isChanged && status !== 409) throw refusedBy(place, status, code);
      await pauseAfter(attempts, options.random);
    }
    throw refusedBy(place, 409, "ConditionalRequestConflict");
  }

  async function listKeys(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const keys: string[] = [];
    let after: string | undefined = "";
    while (after !== undefined) {
      const query = { "list-type": "2", prefix: folder, delimiter: "/", ...(after && { "continuation-token": after }) };
      const { status, code, text } = await send("GET", "", { query }, signal);
      if (status !== 200) throw refusedBy(place, status, code);
      for (const [, key = ""] of text.matchAll(/<Key>[^<]*\/([a-z0-9-]+)<\/Key>/g)) keys.push(key);
      after = /<NextContinuationToken>([^<]+)</.exec(text)?.[1]?.replaceAll("&amp;", "&");
    }
    return keys;
  }

  return {
    put: (key, text, seen, { signal }) => write(key, text, seen, signal),
    async remove(key, seen, signal) {
      // Not every server honours a condition of DELETE. What is marked as removed cannot be written again.
      if (!(await write(key, null, seen, signal))) return false;
      await send("DELETE", folder + key, {}, signal).catch(() => {});
      return true;
    },
    async read(keys, signal) {
      const wanted = keys === "all" ? await listKeys(signal) : keys;
      const entries: MemberEntry[] = [];
      for (let first = 0; first < wanted.length; first += BATCH) {
        const found = await Promise.all(wanted.slice(first, first + BATCH).map((key) => find(key, signal)));
        for (const entry of found) if (entry !== null && !entry.isRemoved) entries.push(entry);
      }
      return { entries, now };
    },
  };
}
