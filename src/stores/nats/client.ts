import type { JetStreamManager } from "@nats-io/jetstream";
import type { KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";

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
