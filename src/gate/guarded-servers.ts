/** The members of a server of Node that are used. */
interface GuardedServer {
  readonly listening: boolean;
  once(event: "close", listener: () => void): unknown;
  removeListener(event: "close", listener: () => void): unknown;
  /** Absent in some runtimes. */
  getConnections?(callback: (error: Error | null, count: number) => void): unknown;
}

/** The servers that a gate guards. */
export class GuardedServers {
  readonly #guards = new WeakMap<GuardedServer, number>();
  /** With the listener of each. */
  readonly #unguarded = new Map<GuardedServer, () => void>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether a guard was removed from a server that can still get requests. */
  get hasUnguarded(): boolean {
    return this.#unguarded.size > 0;
  }

  /** A guard was added to `server`. */
  added(server: GuardedServer): void {
    this.#guards.set(server, (this.#guards.get(server) ?? 0) + 1);
    this.#forget(server);
  }

  /** A guard was removed from `server`. */
  removed(server: GuardedServer): void {
    const left = (this.#guards.get(server) ?? 1) - 1;
    this.#guards.set(server, left);
    if (left > 0) return;
    const forget = (): void => this.#forget(server);
    this.#unguarded.set(server, forget);
    this.#onChange();
    if (server.listening) server.once("close", forget);
    else if (server.getConnections === undefined) forget();
    else {
      // A server that closes gets requests until its last connection ends.
      server.getConnections((error, count) => {
        if (error === null && count === 0) forget();
        else server.once("close", forget);
      });
    }
  }

  #forget(server: GuardedServer): void {
    const listener = this.#unguarded.get(server);
    if (listener === undefined) return;
    this.#unguarded.delete(server);
    server.removeListener("close", listener);
    this.#onChange();
  }
}
