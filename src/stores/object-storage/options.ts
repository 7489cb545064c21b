import * as v from "valibot";
import { closedObject, validate } from "../../validation/validate.ts";
import { optionError, timeoutOption } from "../driver/options.ts";

/** Like the global `fetch`. */
export type SignedFetch = (url: string, init: RequestInit) => Promise<Response>;

const filled = v.pipe(v.string(), v.nonEmpty("expected some text"));
const schema = closedObject({
  endpoint: v.pipe(
    v.string(),
    v.check(isEndpoint, "expected an address such as 'https://s3.eu-central-1.amazonaws.com'"),
  ),
  bucket: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected the name of a bucket")),
  key: v.optional(
    v.pipe(v.string(), v.check(isKey, "expected a key such as 'shop/maintenance.json'")),
    "maintenance.json",
  ),
  region: v.optional(filled, "auto"),
  accessKeyId: v.optional(filled),
  secretAccessKey: v.optional(v.string()),
  sessionToken: v.optional(v.string()),
  fetch: v.optional(v.custom<SignedFetch>((value) => typeof value === "function", "expected a function")),
  timeout: timeoutOption,
});

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface Signing {
  readonly fetch?: SignedFetch | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

export interface CheckedObjectStorageOptions {
  /** URL of the bucket, without a trailing slash. */
  readonly bucketUrl: string;
  readonly key: string;
  readonly region: string;
  readonly timeout: number;
  /** The credentials with which this package signs, or the user's own function. */
  readonly signing: Credentials | SignedFetch;
}

/** Throws `ERR_INVALID_OPTION`, without any secret. */
export function checkObjectStorageOptions(options: object): CheckedObjectStorageOptions {
  const { endpoint, bucket, key, region, timeout, ...rest } = validate(
    schema,
    options,
    "ERR_INVALID_OPTION",
    "objectStorageStore",
  );
  return { bucketUrl: `${endpoint.replace(/\/+$/, "")}/${bucket}`, key, region, timeout, signing: signingOf(rest) };
}

function signingOf({ fetch, accessKeyId, secretAccessKey, sessionToken }: Signing): Credentials | SignedFetch {
  if (fetch !== undefined) {
    if (accessKeyId === undefined && secretAccessKey === undefined && sessionToken === undefined) return fetch;
    throw optionError(
      "objectStorageStore has a fetch that signs, and keys as well.",
      "Leave out either 'fetch' or the keys.",
    );
  }
  if (!accessKeyId) throw optionError("objectStorageStore has no accessKeyId.", MISSING_KEYS);
  if (!secretAccessKey) throw optionError("objectStorageStore has no secretAccessKey.", MISSING_KEYS);
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

const MISSING_KEYS = "Pass accessKeyId and secretAccessKey, or your own 'fetch' that signs.";

function isEndpoint(value: string): boolean {
  const url = URL.parse(value);
  if (url === null) return false;
  const { protocol, username, password, search, hash } = url;
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}

/** URL parsers remove or change empty and dotted segments. */
function isKey(value: string): boolean {
  const segments = value.split("/");
  return segments.every((segment) => !["", ".", ".."].includes(segment)) && !/\p{Cc}/u.test(value);
}
