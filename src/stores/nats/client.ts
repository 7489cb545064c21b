import type { JetStreamManager } from "@nats-io/jetstream";
import type { KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { optionError } from "../driver/options.ts";

/** The members of a `NatsConnection` of nats.js 3 by which one is told; what it is made of is used by @nats-io/kv. */
export interface NatsClient {
  readonly info?: object;
  getServer(): string;
  isClosed(): boolean;
  isDraining(): boolean;
  request(subject: string, ...rest: never): Promise<unknown>;
}

/** A connection, and what is reached through it. */
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

/** `bus.example:4222, bus2.example:4222`. Throws `ERR_INVALID_OPTION`, without the value: it may hold a password. */
export function natsPlaces(servers: readonly string[]): string {
  return servers.map(placeOf).join(", ");
}

function placeOf(server: string): string {
  const url = server.includes("://") ? server : `nats://${server}`;
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === "") {
    throw optionError(
      "natsStore: servers contains something that is no address.",
      "Write HOST:4222, or nats://HOST:4222.",
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    const hint = "Pass them separately: natsStore({ servers, connection: { user, pass } }), or { token }.";
    throw optionError("natsStore: servers contains a user name or a password.", hint);
  }
  return `${parsed.hostname}:${parsed.port || 4222}`;
}
