import { MaintenanceError, messageOf } from "../../errors.ts";

export interface Attempt {
  /** The deadline that passed; `null`: it was something else. */
  readonly seconds: number | null;
  /** The request may have been to change something. */
  readonly writes: boolean;
}

type Reason = readonly [why: string, hint: string];

const AUTHORITY = "If it is your own authority: NODE_EXTRA_CA_CERTS=authority.pem adds it to the trusted ones.";
const UNKNOWN_AUTHORITY: Reason = ["its certificate is signed by an unknown authority", AUTHORITY];
const NO_TLS: Reason = ["it does not speak TLS at that port", "Fix the port in the URL."];

/** What goes wrong before anything is sent, by the codes of Node. */
const REASONS: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  [
    "ECONNREFUSED",
    ["nothing answers at that port", "Start the server that serves the admin, or fix the port in the URL."],
  ],
  ["ENOTFOUND", ["there is no host of that name", "Fix the host in the URL, or see whether this machine is online."]],
  ["EAI_AGAIN", ["its name could not be looked up", "See whether this machine is online, and try again."]],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", ["its certificate is self-signed", AUTHORITY]],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNKNOWN_AUTHORITY],
  ["CERT_HAS_EXPIRED", ["its certificate has expired", "Renew the certificate of the server."]],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    [
      "its certificate is for another host",
      "Use the name that the certificate is for, or give the server one for this name.",
    ],
  ],
  ["ERR_SSL_WRONG_VERSION_NUMBER", NO_TLS],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", NO_TLS],
]);

/** Why the admin at `url` could not be asked, as an error that names the fix. Throws nothing. */
export function unreachable(url: string, cause: unknown, { seconds, writes }: Attempt): MaintenanceError {
  const reason = seconds === null ? REASONS.get(codeOf(cause) ?? "") : undefined;
  const [why, hint] =
    reason ??
    (seconds === null
      ? [`the connection broke (${messageOf(rootOf(cause))})`, "See whether the server runs, and try again."]
      : [
          `there was no whole answer within ${seconds} seconds`,
          "See whether the server and its store are well, and try again.",
        ]);
  // Refused before anything was sent, it was not carried out; otherwise that is unknown.
  const unknown =
    writes && reason === undefined ? " If something was to be changed, it may have been: see `status` first." : "";
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The admin at ${url} cannot be reached: ${why}.`, {
    hint: `${hint}${unknown}`,
    cause,
  });
}

/** `fetch` wraps what happened, and what happened at each of a host's addresses is wrapped once more. */
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
