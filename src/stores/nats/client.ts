import type { JetStreamManager } from "@nats-io/jetstream";
import type { KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { optionError } from "../driver/options.ts";

/** The members by which a `NatsConnection` of nats.js 3 is recognised. @nats-io/kv uses the others. */
export interface NatsClient {
  readonly info?: object;
  getServer(): string;
  isClosed(): boolean;
  isDraining(): boolean;
  request(subject: string, ...rest: never): Promise<unknown>;
}

/** A connection, and the JetStream clients on it. */
export interface NatsLink {
  readonly connection: NatsConnection;
  readonly kv: KV;
  readonly kvm: Kvm;
  readonly manager: JetStreamManager;
}

export function isNatsConnection(value: unknown): value is NatsConnection {
  if (typeof value !== "object" || value === null) return false;
  return ["request", "isClosed", "isDraining", "getServer", "rtt"].every(
    (name) => name in value && typeof Object(value)[name] === "function",
  );
}

/** Returns `bus.example:4222, bus2.example:4222`. Throws `ERR_INVALID_OPTION`, without the value: it may contain a password. */
export function natsPlaces(servers: readonly string[]): string {
  return servers.map(placeOf).join(", ");
}

function placeOf(server: string): string {
  const url = server.includes("://") ? server : `nats://${server}`;
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === "") {
    throw optionError(
      "natsStore: servers contains something that is not an address.",
      "Write HOST:4222, or nats://HOST:4222.",
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    const hint = "Pass them separately: natsStore({ servers, connection: { user, pass } }), or { token }.";
    throw optionError("natsStore: servers contains a user name or a password.", hint);
  }
  return `${parsed.hostname}:${parsed.port || 4222}`;
}
