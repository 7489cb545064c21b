import { isMaintenanceError, type MaintenanceError } from "../../errors.ts";
import { driverError, networkHints } from "../driver/error.ts";

/** Error codes of JetStream. */
const STREAM_NOT_FOUND = 10_059;
/** The name or the subjects are in use. */
const STREAM_IN_USE = [10_058, 10_065];
const WRONG_LAST_SEQUENCE = [10_071, 10_164];

/** Returns the error that the user gets. */
export function explainNats(name: string, secrets: readonly unknown[], error: unknown): MaintenanceError {
  if (isMaintenanceError(error)) return error;
  return driverError(name, error, secrets, hintFor);
}

/** The bucket does not exist yet, or was deleted. */
export function isNoBucket(error: unknown): boolean {
  return codeOf(error) === STREAM_NOT_FOUND;
}

/** Another process is creating the bucket. */
export function isBucketThere(error: unknown): boolean {
  return STREAM_IN_USE.includes(codeOf(error));
}

/** Another process has written the key first. */
export function isOvertaken(error: unknown): boolean {
  return WRONG_LAST_SEQUENCE.includes(codeOf(error));
}

/** The bucket does not accept messages yet. */
export function isNotTaken(error: unknown): boolean {
  return error instanceof Error && ["JetStreamNotEnabled", "NoRespondersError"].includes(error.name);
}

function codeOf(error: unknown): number {
  return error instanceof Error && "code" in error ? Number(error.code) : 0;
}

function hintFor(said: string): string | undefined {
  return HINTS.find(([sign]) => sign.test(said))?.[1];
}

const HINTS: readonly (readonly [sign: RegExp, hint: string])[] = [
  [/authorization|authentication/i, "Fix natsStore({ connection: { user, pass } }), { token } or { authenticator }."],
  [/permissions violation/i, "Grant this user the permissions in docs/stores-nats.md of this package."],
  [/no responders|jetstream.*not enabled/i, "Start the server with JetStream: nats-server -js."],
  [/insufficient|maximum bytes|maximum messages|no space/i, "NATS is full: give JetStream or the bucket more room."],
  [
    /maximum message size|max_msg_size|maximum payload/i,
    "Raise max_payload of the server, or change fewer sites at once.",
  ],
  [/connection refused/i, "Start NATS, or fix the address in natsStore({ servers })."],
  ...networkHints("NATS", "natsStore({ servers })").map(([code, hint]) => [new RegExp(code), hint] as const),
  [/certificate|secure connection/i, "See natsStore({ connection: { tls } })."],
  [/timeout/i, "Check that the server is reachable, and that JetStream has a leader."],
];
