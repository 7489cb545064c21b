import { MaintenanceError, messageOf } from "../../errors.ts";

interface Explanation {
  readonly words: string;
  readonly hint: string;
}

const PERMISSIONS =
  "Allow s3:GetObject and s3:PutObject on the object, and s3:ListBucket on the bucket: otherwise a missing object is reported as denied. The list of processes needs both on 'KEY.members/*' as well, and s3:DeleteObject.";
const KEYS = "Compare accessKeyId, secretAccessKey and sessionToken with the provider's.";

/** Messages and hints for the error codes of S3. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  AccessDenied: { words: "access is denied", hint: PERMISSIONS },
  NoSuchBucket: { words: "the bucket does not exist", hint: "Create the bucket, or fix 'bucket' or 'endpoint'." },
  InvalidAccessKeyId: { words: "the accessKeyId is unknown", hint: KEYS },
  SignatureDoesNotMatch: {
    words: "the secretAccessKey does not match the accessKeyId",
    hint: `${KEYS} Check the region as well.`,
  },
  ExpiredToken: { words: "the sessionToken has expired", hint: "Pass a 'fetch' of your own that renews the keys." },
  InvalidToken: { words: "the sessionToken is invalid", hint: KEYS },
  RequestTimeTooSkewed: {
    words: "the clock of this machine differs too much from the server's",
    hint: "Synchronise the clock with NTP.",
  },
  AuthorizationHeaderMalformed: {
    words: "the bucket is in another region",
    hint: "Set 'region' to that of the bucket.",
  },
  PermanentRedirect: {
    words: "the bucket has another endpoint or region",
    hint: "Set 'endpoint' and 'region' to those of the bucket.",
  },
  NotImplemented: {
    words: "the server does not support conditional writes",
    hint: "Use a server that supports If-Match and If-None-Match: without them, one of two concurrent changes is lost.",
  },
  SlowDown: { words: "there are too many requests", hint: "Poll less often: raise pollInterval." },
};

/** Codes by status, for a response without a body, such as the response to HEAD. */
const CODES: Readonly<Record<number, string>> = {
  301: "PermanentRedirect",
  307: "PermanentRedirect",
  403: "AccessDenied",
  501: "NotImplemented",
};

/** Returns the code in the XML of a response, or `""`. Ignores the rest: some servers repeat the signed text. */
export async function codeOf(response: Response): Promise<string> {
  const [, code = ""] = /<Code>([A-Za-z0-9.]{1,64})<\/Code>/.exec(await response.text()) ?? [];
  return code || (CODES[response.status] ?? "");
}

/** Returns the error for an unexpected response. */
export function refusedBy(name: string, status: number, code: string): MaintenanceError {
  const known = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
  const answer = `${status}${code === "" ? "" : ` ${code}`}`;
  const message = known ? `${name}: ${known.words} (${answer}).` : `${name} answered ${answer}.`;
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", message, known ? { hint: known.hint } : {});
}

export function unreachable(name: string, cause: unknown): MaintenanceError {
  const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const said = reason instanceof AggregateError ? reason.errors.map(messageOf).join(", ") : messageOf(reason);
  const hint = "Check 'endpoint', and that this machine may connect to it.";
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} cannot be reached: ${said}.`, { hint, cause });
}
