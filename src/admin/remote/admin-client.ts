import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../deadline.ts";
import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { parseAdminUrl } from "./admin-url.ts";
import { type AdminAnswer, errorOf, isFromProxy, notUnderstood } from "./refused-answer.ts";
import { isUnsent, unreachable } from "./unreachable.ts";

export interface AdminClientOptions {
  /** As a browser shows it, with or without a trailing slash. */
  readonly url: string;
  /** Sent with every request, and never shown. */
  readonly token: string | undefined;
  readonly clock: Clock;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The admin's API. Every call throws the refusal of the server with its code and hint, or the reason why it could not be reached. */
export interface AdminClient {
  /** With a trailing slash. */
  readonly url: string;
  /** `headers` are sent in addition. */
  get<T>(
    path: string,
    query: Query,
    read: (body: unknown) => T,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
  /** Members of `body` that are `undefined` are omitted. */
  post<T>(path: string, body: object, read: (body: unknown) => T): Promise<T>;
  /**
   * Sends a POST whose answer is lines of JSON, and calls `take` with each. Resolves at the end of the answer; with an error if the
   * connection broke: then the request may have been carried out.
   */
  postForLines(
    path: string,
    body: object,
    take: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<MaintenanceError | null>;
  /** Sends a DELETE. */
  remove<T>(path: string, query: Query, read: (body: unknown) => T): Promise<T>;
  /** `type` is the expected type of the answer: `text/html`. */
  getText(path: string, query: Query, type: string): Promise<string>;
}

type Method = "GET" | "POST" | "DELETE";

/** Milliseconds until the last byte of the answer. */
const DEADLINE = 10_000;
/** Milliseconds without a line after which a connection counts as broken: the server sends one every three seconds. */
const MAX_QUIET_MS = 30_000;
/** RFC 6750 section 2.1. */
const BEARER_TOKEN = /^[\w.~+/-]+=*$/;

/** Does nothing before the first call. Throws `ERR_INVALID_OPTION` for an invalid URL, `ERR_UNAUTHENTICATED` without a token. */
export function createAdminClient({ url: given, token, clock }: AdminClientOptions): AdminClient {
  const url = parseAdminUrl(given);
  const authorization = `Bearer ${parseToken(token)}`;

  function send(
    method: Method,
    path: string,
    type: string,
    signal: AbortSignal,
    body?: object,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(new URL(`api/v1/${path}`, url), {
      method,
      headers: {
        accept: `${type}, application/problem+json`,
        authorization,
        ...more,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      // The target of a redirect must not get the token.
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function ask(
    method: Method,
    path: string,
    type: string,
    body?: object,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const abort = new AbortController();
    const cancel = setDeadline(clock, () => abort.abort(), DEADLINE);
    let answer: AdminAnswer;
    try {
      const response = await send(method, path, type, abort.signal, body, more);
      answer = { status: response.status, headers: response.headers, text: await response.text() };
    } catch (cause) {
      throw unreachable(url, cause, {
        seconds: abort.signal.aborted ? DEADLINE / 1_000 : null,
        writes: method !== "GET",
      });
    } finally {
      cancel();
    }
    if (!isWanted(answer, type)) throw errorOf(url, answer);
    return answer.text;
  }

  async function postForLines(
    path: string,
    body: object,
    take: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<MaintenanceError | null> {
    const type = "application/x-ndjson";
    const abort = new AbortController();
    const end = (): void => abort.abort();
    signal?.addEventListener("abort", end);
    let isQuiet = false;
    const expire = (): void => {
      isQuiet = true;
      end();
    };
    let cancel = setDeadline(clock, expire, MAX_QUIET_MS);
    try {
      signal?.throwIfAborted();
      const response = await send("POST", path, type, abort.signal, body);
      if (!isWanted(response, type)) {
        const { status, headers } = response;
        const answer = { status, headers, text: await response.text() };
        if (isFromProxy(answer)) return errorOf(url, answer);
        throw errorOf(url, answer);
      }
      let rest = "";
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        cancel();
        cancel = setDeadline(clock, expire, MAX_QUIET_MS);
        const lines = `${rest}${text}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) take(line);
      }
      return null;
    } catch (cause) {
      if (isMaintenanceError(cause)) throw cause;
      const error = unreachable(url, cause, { seconds: isQuiet ? MAX_QUIET_MS / 1_000 : null, writes: true });
      if (isUnsent(cause)) throw error;
      return error;
    } finally {
      cancel();
      end();
      signal?.removeEventListener("abort", end);
    }
  }

  async function askForJson<T>(
    read: (body: unknown) => T,
    ...request: [method: Method, path: string, body?: object, more?: Readonly<Record<string, string>>]
  ): Promise<T> {
    const [method, path, body, more] = request;
    const text = await ask(method, path, "application/json", body, more);
    try {
      return read(JSON.parse(text));
    } catch (cause) {
      throw notUnderstood(url, cause);
    }
  }

  return {
    url,
    get: (path, query, read, headers) => askForJson(read, "GET", withQuery(path, query), undefined, headers),
    postForLines,
    post: (path, body, read) => askForJson(read, "POST", path, body),
    remove: (path, query, read) => askForJson(read, "DELETE", withQuery(path, query)),
    getText: (path, query, type) => ask("GET", withQuery(path, query), type),
  };
}

function isWanted({ status, headers }: Pick<AdminAnswer, "status" | "headers">, type: string): boolean {
  return status < 300 && headers.get("content-type")?.toLowerCase().startsWith(type) === true;
}

function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

/** The error does not contain the value. */
function parseToken(token = ""): string {
  const trimmed = token.trim();
  if (BEARER_TOKEN.test(trimmed)) return trimmed;
  const message =
    trimmed === ""
      ? "MAINTENANCE_TOKEN is not set, and the admin needs a token."
      : "MAINTENANCE_TOKEN does not contain a token.";
  throw new MaintenanceError("ERR_UNAUTHENTICATED", message, {
    hint: "Create a token on the server, with `npx maintenance-mode token create`, and set MAINTENANCE_TOKEN to it in the environment.",
  });
}
