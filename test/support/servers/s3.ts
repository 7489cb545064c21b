import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { serve } from "../serve.ts";

export interface S3Options {
  readonly bucket?: string;
  /** Milliseconds by which the server's clock is ahead. */
  readonly skew?: number;
  /** The conditions that the server ignores: some servers treat conditional writes as plain ones. */
  readonly ignoresConditions?: boolean | "if-match" | "if-none-match";
  /** The number of keys in one answer to a listing. */
  readonly pageSize?: number;
}

export interface S3Request {
  readonly method: string;
  /** Empty for a listing. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

type Failure = readonly [status: number, code: string];

export interface S3Server {
  readonly url: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The stored objects, by key. */
  readonly objects: Map<string, string>;
  /** The requests with a valid signature. */
  readonly requests: readonly S3Request[];
  /** Replaces the real response by the result of `answer`, such as `[503, "SlowDown"]`. After `"nothing"` the server never responds. */
  intercept(answer: (request: S3Request) => Failure | "nothing" | undefined): void;
  close(): Promise<void>;
}

const ACCESS_KEY_ID = "AKIATESTTESTTESTTEST";
const SECRET_ACCESS_KEY = "never/to+be/seen+in+any+message+of+ours0";
const LARGEST_SKEW = 15 * 60_000;

/** Starts a small object storage server that checks signatures, honours conditional headers and returns errors in the format of S3. */
export async function startS3({
  bucket = "state",
  skew = 0,
  ignoresConditions = false,
  pageSize = 1_000,
}: S3Options = {}): Promise<S3Server> {
  const objects = new Map<string, string>();
  const modified = new Map<string, Date>();
  const started = now();
  const requests: S3Request[] = [];
  function now(): Date {
    return new Date(Date.now() + skew);
  }

  let intercept: Parameters<S3Server["intercept"]>[0] = () => undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { method = "", url = "", headers } = request;
    response.setHeader("Date", now().toUTCString());
    const refused = refusal(request, body, now().getTime());
    if (refused !== null) return sendError(response, [403, refused], method);
    const { pathname, searchParams: query } = new URL(url, "http://localhost");
    const [, inBucket = "", ...rest] = pathname.split("/").map(decodeURIComponent);
    const seen: S3Request = { method, key: rest.join("/"), query, headers: { ...headers } as S3Request["headers"] };
    requests.push(seen);
    const instead = intercept(seen);
    if (instead === "nothing") return;
    if (instead !== undefined) return sendError(response, instead, method);
    if (inBucket !== bucket) return sendError(response, [404, "NoSuchBucket"], method);
    if (seen.key === "") return sendListing(query, response);
    carryOut(seen, body, response);
  }

  /** ListObjectsV2. A token is the last key before the page. */
  function sendListing(query: URLSearchParams, response: ServerResponse): void {
    const [prefix, token] = [query.get("prefix") ?? "", query.get("continuation-token") ?? ""];
    const delimiter = query.get("delimiter") ?? "";
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > token)
      .filter((key) => delimiter === "" || !key.slice(prefix.length).includes(delimiter))
      .sort();
    const page = keys.slice(0, pageSize);
    const next = keys.length > pageSize ? (page.at(-1) ?? "") : null;
    const contents = page.map((key) => `<Contents><Key>${escapeXml(key)}</Key></Contents>`);
    const more = next === null ? "" : `<NextContinuationToken>${escapeXml(next)}</NextContinuationToken>`;
    const result = `<Prefix>${escapeXml(prefix)}</Prefix><IsTruncated>${next !== null}</IsTruncated>${more}${contents.join("")}`;
    response.writeHead(200, { "Content-Type": "application/xml" });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult>${result}</ListBucketResult>`);
  }

  function carryOut({ method, key, headers }: S3Request, body: string, response: ServerResponse): void {
    const found = objects.get(key);
    if (method === "PUT") {
      const ignored: readonly unknown[] =
        ignoresConditions === true ? ["if-match", "if-none-match"] : [ignoresConditions];
      const counted = Object.fromEntries(Object.entries(headers).filter(([name]) => !ignored.includes(name)));
      const unmet = unmetCondition(counted, found);
      if (unmet !== null) {
        sendError(response, unmet, method);
        return;
      }
      objects.set(key, body);
      modified.set(key, now());
      response.writeHead(200, { ETag: tagOf(body) }).end();
    } else if (method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (found === undefined) {
      sendError(response, [404, "NoSuchKey"], method);
    } else {
      response.setHeader("Last-Modified", (modified.get(key) ?? started).toUTCString());
      response.writeHead(200, { ETag: tagOf(found), "Content-Length": Buffer.byteLength(found) });
      response.end(method === "HEAD" ? undefined : found);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  const { url, close } = await serve(server);
  return {
    url,
    bucket,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    objects,
    requests,
    intercept(answer) {
      intercept = answer;
    },
    close,
  };
}

function unmetCondition(headers: S3Request["headers"], found: string | undefined): Failure | null {
  const expected = headers["if-match"];
  if (expected !== undefined && found === undefined) return [404, "NoSuchKey"];
  if (expected !== undefined && found !== undefined && tagOf(found) !== expected) return [412, "PreconditionFailed"];
  return headers["if-none-match"] === "*" && found !== undefined ? [412, "PreconditionFailed"] : null;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function tagOf(body: string): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function sendError(response: ServerResponse, [status, code]: Failure, method: string): void {
  const told = `<Error><Code>${code}</Code><Message>Refused.</Message><AWSAccessKeyId>${ACCESS_KEY_ID}</AWSAccessKeyId></Error>`;
  response.writeHead(status, { "Content-Type": "application/xml" });
  response.end(method === "HEAD" ? undefined : `<?xml version="1.0" encoding="UTF-8"?>\n${told}`);
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Returns the error code for a request that AWS Signature Version 4 refuses, `null` for a valid one. */
function refusal(request: IncomingMessage, body: string, now: number): string | null {
  const [, keyId, day, region, signed, signature] = AUTHORIZATION.exec(request.headers.authorization ?? "") ?? [];
  if (!keyId || !day || !region || !signed) return "AccessDenied";
  if (keyId !== ACCESS_KEY_ID) return "InvalidAccessKeyId";
  const stamp = String(request.headers["x-amz-date"]);
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(at - now) < LARGEST_SKEW)) return "RequestTimeTooSkewed";
  const payload = String(request.headers["x-amz-content-sha256"]);
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const conditions = ["if-match", "if-none-match"].filter((name) => request.headers[name] !== undefined);
  const names = signed.split(";");
  if (!["host", "x-amz-date", ...conditions].every((name) => names.includes(name))) return "AccessDenied";
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const parameters = [...searchParams].map((pair) => pair.map(encodeStrictly).join("="));
  const canonical = [
    request.method,
    pathname
      .split("/")
      .map((segment) => encodeStrictly(decodeURIComponent(segment)))
      .join("/"),
    parameters.sort().join("&"),
    ...names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/\s+/g, " ")}`),
    "",
    signed,
    payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${SECRET_ACCESS_KEY}`);
  const wanted = hmac(key, ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n")).toString("hex");
  return wanted === signature ? null : "SignatureDoesNotMatch";
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
