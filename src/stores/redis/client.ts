/** Where a client leads, and the password: for messages, which show the one and never the other. */
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
  /** At once. Since 5; in 4 it is called `disconnect`. */
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
  /** Its socket, once it connects. */
  readonly stream?: { ref?(): unknown; unref?(): unknown } | undefined;
}

export type RedisClient = NodeRedisClient | IoRedisClient;

/** What the store needs of a client, whichever it is. */
export interface RedisConnection {
  isUsable(): boolean;
  /** Resolves once the client can be used; a client that connects automatically resolves at once. */
  connect(): Promise<unknown>;
  send(args: readonly string[]): Promise<unknown>;
  /** Calls `listener` for every message; `lost` once the connection has failed. */
  subscribe(channel: string, listener: () => void, lost: (error: Error) => void): Promise<RedisSubscription>;
  /** Whether it keeps the process alive. */
  hold(isUsed: boolean): void;
  /** Ends it at once. */
  drop(): void;
}

/** A connection of its own, made with `duplicate`. */
export interface RedisSubscription {
  /** Rejects when the server does not answer any more. */
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
    // The user's own client may turn texts into something else.
    send: (args) => client.sendCommand(args, { typeMapping: {} }),
    async subscribe(channel, listener, lost) {
      const subscriber = client.duplicate();
      const drop = (): void => dropNodeRedis(subscriber);
      for (const event of ["error", "end", "reconnecting"]) subscriber.on(event, (error) => lost(error ?? ended()));
      try {
        await subscriber.connect();
        await subscriber.subscribe(channel, () => listener());
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
  // It refuses to be closed twice.
  if (!client.isOpen) return;
  if (client.destroy) client.destroy();
  else client.disconnect().catch(() => {});
}

function ofIoRedis(client: IoRedisClient): RedisConnection {
  return {
    // While it connects for the first time it keeps what it is told; when it was lost, nothing may wait in it.
    isUsable: () => ["wait", "connecting", "connect", "ready"].includes(client.status),
    connect: () => connectIoRedis(client),
    send: ([command = "", ...args]) => client.call(command, args),
    async subscribe(channel, listener, lost) {
      const subscriber = client.duplicate({ lazyConnect: true, retryStrategy: () => null });
      for (const event of ["error", "close", "end"]) {
        subscriber.on(event, (...[error]: readonly unknown[]) => lost(error instanceof Error ? error : ended()));
      }
      subscriber.on("message", () => listener());
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

function holdSocket(socket: { ref?(): unknown; unref?(): unknown } | undefined, isUsed: boolean): void {
  if (isUsed) socket?.ref?.();
  else socket?.unref?.();
}

/** It rejects with "Connection is closed." whatever the matter is; what the matter is it tells by an event before. */
function connectIoRedis(client: IoRedisClient): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    client.connect().then(resolve, reject);
  });
}

function ended(): Error {
  return new Error("The connection was lost.");
}
