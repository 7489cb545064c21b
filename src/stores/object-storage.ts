import { MaintenanceError } from "../errors.ts";
import { type DocumentStorage, documentStore, type TaggedText } from "./document/document.ts";
import type { TimeoutOption } from "./driver/options.ts";
import { requireConditions } from "./object-storage/conditions.ts";
import { refusedBy } from "./object-storage/error.ts";
import { examineObjectStorage } from "./object-storage/examine.ts";
import { objectMembers } from "./object-storage/members.ts";
import { checkObjectStorageOptions, type SignedFetch } from "./object-storage/options.ts";
import { objectRequests } from "./object-storage/request.ts";
import type { Store } from "./store.ts";

export type { TimeoutOption } from "./driver/options.ts";
export type { SignedFetch } from "./object-storage/options.ts";

/** The object, and the keys or the function that sign the requests. */
export interface ObjectStorageStoreOptions extends TimeoutOption {
  /** URL without the bucket: `https://s3.eu-central-1.amazonaws.com` or `https://ACCOUNT.r2.cloudflarestorage.com`. */
  readonly endpoint: string;
  /** The name of the bucket, which must exist. */
  readonly bucket: string;
  /**
   * Key of the one object that holds the state.
   * @default "maintenance.json"
   */
  readonly key?: string | undefined;
  /**
   * The region for which requests are signed.
   * @default "auto"
   */
  readonly region?: string | undefined;
  /** The keys that sign the requests, required without `fetch`. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** Session token of temporary keys. The store does not renew them: pass a `fetch` if they expire. */
  readonly sessionToken?: string | undefined;
  /** Your own function that signs requests (AWS Signature Version 4), instead of the keys. */
  readonly fetch?: SignedFetch | undefined;
}

/**
 * Returns a store that keeps the state in one object of an S3-compatible storage. The storage must honour conditional writes
 * (`If-Match`, `If-None-Match: *`; RFC 9110 section 13.1). Sends nothing before it is used, and creates the object with the first
 * change. Needs the package `aws4fetch`, or your own `fetch`.
 * @example
 * const store = objectStorageStore({ endpoint: "https://s3.eu-central-1.amazonaws.com", bucket: "shop", accessKeyId, secretAccessKey });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid. No message contains a key.
 */
export function objectStorageStore(options: ObjectStorageStoreOptions): Store {
  const { bucketUrl, key, region, timeout, signing } = checkObjectStorageOptions(options);
  const name = `object storage ${bucketUrl}/${key}`;
  const request = objectRequests({ name, bucketUrl, region, timeout, signing });

  let isTried = false;

  async function tryConditions(signal: AbortSignal | undefined): Promise<void> {
    if (!isTried) isTried = await requireConditions(name, request, key, signal);
  }

  async function find(method: "GET" | "HEAD", signal: AbortSignal | undefined): Promise<TaggedText | null> {
    const { status, tag, text, code } = await request(method, key, {}, signal);
    if (status === 200 && tag !== null) return { text, tag };
    if (status === 200) {
      throw new MaintenanceError(
        "ERR_STORE_UNAVAILABLE",
        `${name} returns no ETag, which is needed to detect changes.`,
      );
    }
    // The response to HEAD does not say whether the bucket or the object is missing; the first read was a GET.
    if (status === 404 && code !== "NoSuchBucket") return null;
    throw refusedBy(name, status, code);
  }

  const storage: DocumentStorage = {
    name,
    capabilities: { compareAndSet: true, readAfterWrite: "strong", push: false, shared: true, separateRecords: false },
    fix: `Fix the object '${key}', or delete it and close the sites again.`,
    read: (signal) => find("GET", signal),
    probe: async (signal) => (await find("HEAD", signal))?.tag ?? null,
    async write(text, expected, signal) {
      await tryConditions(signal);
      const condition = expected === null ? { "If-None-Match": "*" } : { "If-Match": expected };
      const headers = { ...condition, "Content-Type": "application/json", "Cache-Control": "no-store" };
      const { status, code } = await request("PUT", key, { headers, body: text }, signal);
      if (status === 200) return true;
      // 412: another tag. 409: another write is under way. 404: deleted since the read.
      if (status === 412 || status === 409 || (status === 404 && code === "NoSuchKey")) return false;
      throw refusedBy(name, status, code);
    },
  };
  const store = documentStore({
    ...storage,
    members: objectMembers({ name, key, request, requireConditions: tryConditions, random: Math.random }),
  });
  return { ...store, examine: ({ signal } = {}) => examineObjectStorage({ store, key, request }, signal) };
}
