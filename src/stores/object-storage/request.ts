import type { AwsClient } from "aws4fetch";
import { withinDeadline } from "../../deadline.ts";
import { isMaintenanceError } from "../../errors.ts";
import { loadDriver } from "../driver/load.ts";
import { codeOf, unreachable } from "./error.ts";
import type { Credentials, SignedFetch } from "./options.ts";

/**
 * Sends one signed request for a key of the bucket; with the key `""`, for the bucket itself. Rejects with `ERR_STORE_UNAVAILABLE` only if
 * there is no response.
 */
export type ObjectRequest = (
  method: "GET" | "HEAD" | "PUT" | "DELETE",
  key: string,
  content: {
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  },
  signal: AbortSignal | undefined,
) => Promise<ObjectAnswer>;

export interface ObjectAnswer {
  readonly status: number;
  readonly tag: string | null;
  /** The `Date` of the response. */
  readonly date: string | null;
  /** The `Last-Modified` of the object. */
  readonly modified: string | null;
  /** Text of the object, if the status is 2xx. */
  readonly text: string;
  /** Error code, if the status is not 2xx; `""` if there is none. */
  readonly code: string;
}

export interface ObjectRequestOptions {
  readonly name: string;
  readonly bucketUrl: string;
  readonly region: string;
  readonly timeout: number;
  readonly signing: Credentials | SignedFetch;
}

export function objectRequests({ name, bucketUrl, region, timeout, signing }: ObjectRequestOptions): ObjectRequest {
  const send = typeof signing === "function" ? signing : signWith(signing, region);
  return (method, key, { query = {}, headers = {}, body }, signal) =>
    withinDeadline({ name, milliseconds: timeout, signal }, async (ending) => {
      const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const path = key.split("/").map(encodeURIComponent).join("/");
      const url = `${bucketUrl}/${path}${search.length > 0 ? `?${search.join("&")}` : ""}`;
      // A redirect leads to another region, for which the signature is not valid.
      const init: RequestInit = { method, headers, redirect: "manual", signal: ending };
      try {
        const response = await send(url, body === undefined ? init : { ...init, body });
        const { status } = response;
        const isGood = status === 200 || status === 204;
        return {
          status,
          // A proxy that compresses turns the tag into a weak one, which no condition matches.
          tag: response.headers.get("etag")?.replace(/^W\//, "") ?? null,
          date: response.headers.get("date"),
          modified: response.headers.get("last-modified"),
          text: isGood ? await response.text() : "",
          code: isGood ? "" : await codeOf(response),
        };
      } catch (error) {
        throw isMaintenanceError(error) ? error : unreachable(name, error);
      }
    });
}

function signWith(credentials: Credentials, region: string): SignedFetch {
  let client: Promise<AwsClient> | null = null;
  return async (url, init) => {
    client ??= loadClient(credentials, region);
    return fetch(await (await client).sign(url, init));
  };
}

async function loadClient(credentials: Credentials, region: string): Promise<AwsClient> {
  const instead = ". Or give objectStorageStore a 'fetch' of your own, which signs.";
  const { AwsClient } = await loadDriver("objectStorageStore", "aws4fetch", () => import("aws4fetch"), { instead });
  return new AwsClient({ ...credentials, region, service: "s3" });
}
