/** Address and password of a client, for messages: they show the address and never the password. */
export interface RedisClientOptions {
  readonly socket?: object | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly password?: string | undefined;
}

/** The members of node-redis 4 to 6 that are used. */
export interface NodeRedisClient {
  readonly options?: RedisClientOptions;
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(args: readonly string[], options?: object): Promise<unknown>;
  duplicate(): NodeRedisClient;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  on(event: string, listener: (error: Error) => void): unknown;
  ref?(): void;
  unref?(): void;
  /** Closes the connection at once. Since version 5; version 4 calls it `disconnect`. */
  destroy?(): void;
  disconnect(): Promise<unknown>;
}

/** The members of ioredis 5 that are used. */
export interface IoRedisClient {
  readonly options?: RedisClientOptions;
  readonly status: string;
  connect(): Promise<unknown>;
  call(command: string, args: string[]): Promise<unknown>;
  duplicate(overrides: object): IoRedisClient;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: string[]) => void): unknown;
  disconnect(): void;
  /** The socket, once the client connects. */
  readonly stream?: { ref?(): unknown; unref?(): unknown } | undefined;
}

export type RedisClient = NodeRedisClient | IoRedisClient;

/** The members that the store uses, the same for both clients. */
export interface RedisConnection {
  isUsable(): boolean;
  /** Resolves once the client can be used; a client that connects automatically resolves at once. */
  connect(): Promise<unknown>;
  send(args: readonly string[]): Promise<unknown>;
  /** Calls `listener` with every message; `lost` once the connection has failed. */
  subscribe(
    channel: string,
    listener: (message: string | undefined) => void,
    lost: (error: Error) => void,
  ): Promise<RedisSubscription>;
  /** Sets whether the connection keeps the process alive. */
  hold(isUsed: boolean): void;
  /** Closes the connection at once. */
  drop(): void;
}

/** A connection of its own, created with `duplicate`. */
export interface RedisSubscription {
  /** Rejects when the server does not answer. */
  ping(): Promise<unknown>;
  drop(): void;
}

export function isNodeRedis(client: object): client is NodeRedisClient {
  return "sendCommand" in client && "isReady" in client && typeof client.isReady === "boolean" && "duplicate" in client;
}

export function isIoRedis(client: object): client is IoRedisClient {
  return "call" in client && "status" in client && typeof client.status === "string" && "duplicate" in client;
}

export function connectionOf(client: RedisClient): RedisConnection {
  return "call" in client ? ofIoRedis(client) : ofNodeRedis(client);
}

function ofNodeRedis(client: NodeRedisClient): RedisConnection {
  return {
    isUsable: () => client.isReady,
    connect: () => client.connect(),
    // The user's own client may transform replies.
    send: (args) => client.sendCommand(args, { typeMapping: {} }),
    async subscribe(channel, listener, lost) {
      const subscriber = client.duplicate();
      const drop = (): void => dropNodeRedis(subscriber);
      for (const event of ["error", "end", "reconnecting"]) subscriber.on(event, (error) => lost(error ?? ended()));
      try {
        await subscriber.connect();
        await subscriber.subscribe(channel, (message: unknown) => listener(toText(message)));
        holdSocket(subscriber, false);
      } catch (error) {
        drop();
        throw error;
      }
      return { ping: () => subscriber.sendCommand(["PING"]), drop };
    },
    hold: (isUsed) => holdSocket(client, isUsed),
    drop: () => dropNodeRedis(client),
  };
}

function dropNodeRedis(client: NodeRedisClient): void {
  // A second close would throw.
  if (!client.isOpen) return;
  if (client.destroy) client.destroy();
  else client.disconnect().catch(() => {});
}

function ofIoRedis(client: IoRedisClient): RedisConnection {
  return {
    // Commands are queued during the first connect only: after a loss, nothing may wait in the queue.
    isUsable: () => ["wait", "connecting", "connect", "ready"].includes(client.status),
    connect: () => connectIoRedis(client),
    send: ([command = "", ...args]) => client.call(command, args),
    async subscribe(channel, listener, lost) {
      const subscriber = client.duplicate({ lazyConnect: true, retryStrategy: () => null });
      for (const event of ["error", "close", "end"]) {
        subscriber.on(event, (...[error]: readonly unknown[]) => lost(error instanceof Error ? error : ended()));
      }
      subscriber.on("message", (_channel: unknown, message: unknown) => listener(toText(message)));
      try {
        await connectIoRedis(subscriber);
        await subscriber.subscribe(channel);
        holdSocket(subscriber.stream, false);
      } catch (error) {
        subscriber.disconnect();
        throw error;
      }
      return { ping: () => subscriber.call("PING", []), drop: () => subscriber.disconnect() };
    },
    hold: (isUsed) => holdSocket(client.stream, isUsed),
    drop: () => client.disconnect(),
  };
}

/** The user's own client may return messages as bytes. */
function toText(message: unknown): string | undefined {
  return typeof message === "string" ? message : undefined;
}

function holdSocket(socket: { ref?(): unknown; unref?(): unknown } | undefined, isUsed: boolean): void {
  if (isUsed) socket?.ref?.();
  else socket?.unref?.();
}

/** Every failed `connect` rejects with "Connection is closed."; the actual cause is emitted before as an `error` event. */
function connectIoRedis(client: IoRedisClient): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    client.connect().then(resolve, reject);
  });
}

function ended(): Error {
  return new Error("The connection was lost.");
}
