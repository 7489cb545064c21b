import { MaintenanceError, messageOf } from "../../errors.ts";

export interface Attempt {
  /** The deadline that passed; `null` for another reason. */
  readonly seconds: number | null;
  /** Whether the request could have changed something. */
  readonly writes: boolean;
}

type Reason = readonly [why: string, hint: string];

const AUTHORITY = "If it is your own authority: NODE_EXTRA_CA_CERTS=authority.pem adds it to the trusted ones.";
const UNKNOWN_AUTHORITY: Reason = ["its certificate is signed by an unknown authority", AUTHORITY];
const NO_TLS: Reason = ["it does not speak TLS at that port", "Fix the port in the URL."];

/** Faults before anything is sent, by the error codes of Node.js. */
const REASONS: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  [
    "ECONNREFUSED",
    ["no server listens at that port", "Start the server that serves the admin, or fix the port in the URL."],
  ],
  ["ENOTFOUND", ["the host does not exist", "Fix the host in the URL, or check that this machine is online."]],
  ["EAI_AGAIN", ["its name could not be looked up", "Check that this machine is online, and try again."]],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", ["its certificate is self-signed", AUTHORITY]],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNKNOWN_AUTHORITY],
  ["CERT_HAS_EXPIRED", ["its certificate has expired", "Renew the certificate of the server."]],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    [
      "its certificate is for another host",
      "Use the name that the certificate is for, or give the server a certificate for this name.",
    ],
  ],
  ["ERR_SSL_WRONG_VERSION_NUMBER", NO_TLS],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", NO_TLS],
]);

/** Returns an error with the reason why the admin at `url` could not be reached, and the fix. Throws nothing. */
export function unreachable(url: string, cause: unknown, { seconds, writes }: Attempt): MaintenanceError {
  const reason = seconds === null ? REASONS.get(codeOf(cause) ?? "") : undefined;
  const [why, hint] =
    reason ??
    (seconds === null
      ? [`the connection broke (${messageOf(rootOf(cause))})`, "Check that the server is running, and try again."]
      : [`there was no complete answer within ${seconds} seconds`, "Check the server and its store, and try again."]);
  // With a known reason, the request was never sent. Otherwise the server may have carried it out.
  const unknown = writes && reason === undefined ? " The change may have been made: check `status` first." : "";
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The admin at ${url} cannot be reached: ${why}.`, {
    hint: `${hint}${unknown}`,
    cause,
  });
}

/** Whether the request was never sent. */
export function isUnsent(cause: unknown): boolean {
  return REASONS.has(codeOf(cause) ?? "");
}

/** `fetch` wraps the cause; if a host has several addresses, the causes are wrapped once more. */
function rootOf(thrown: unknown): unknown {
  const inner =
    thrown instanceof Error
      ? (thrown.cause ?? (thrown instanceof AggregateError ? thrown.errors[0] : undefined))
      : undefined;
  return inner === undefined ? thrown : rootOf(inner);
}

function codeOf(thrown: unknown): string | undefined {
  const root = rootOf(thrown);
  return root instanceof Error && "code" in root && typeof root.code === "string" ? root.code : undefined;
}
