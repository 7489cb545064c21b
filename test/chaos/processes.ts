import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { createTcpProxy, type TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import {
  type BarrierOutcome,
  type BarrierRequest,
  type GateSettings,
  HOST,
  machineTime,
  type ProcessSettings,
} from "./messages.ts";
import type { StoreUnderTest } from "./stores.ts";

/** A process with a link of its own to the store. Started again after it was killed. */
abstract class Worker<Settings extends ProcessSettings> {
  readonly link: TcpProxy | null;
  readonly #file: string;
  readonly #settings: Settings;
  #child: ChildProcess | null = null;
  #starting: Promise<unknown> | null = null;
  #isEnding = false;

  constructor(file: string, settings: Settings, link: TcpProxy | null) {
    this.#file = fileURLToPath(new URL(file, import.meta.url));
    this.#settings = settings;
    this.link = link;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get child(): ChildProcess | null {
    return this.#child;
  }

  /** Resolves with the first message of the process. */
  start(): Promise<unknown> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<unknown> {
    const child = fork(this.#file, [JSON.stringify(this.#settings)], { execArgv: ["--conditions=source"] });
    this.#child = child;
    // Of a message to a process that was killed.
    child.on("error", () => {});
    const [first] = await Promise.race([
      once(child, "message"),
      once(child, "exit").then(([code, signal]) => {
        // The harness kills processes; any other end is a defect.
        if (code !== null) throw new Error(`${this.#file} ended with ${code ?? signal}.`);
        return [null];
      }),
    ]);
    return first;
  }

  signal(name: NodeJS.Signals): void {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) this.#child.kill(name);
  }

  /** Kills the process. Resolves with its pid when it is gone. */
  async kill(): Promise<number> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return this.pid;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    this.#starting = null;
    return child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.kill();
    await this.link?.close();
  }
}

/** A process with a gate, and the clients that it serves. */
export class GateWorker extends Worker<GateSettings> {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  #port = 0;
  #pending = 0;

  override async start(): Promise<unknown> {
    const port = await super.start();
    if (typeof port === "number") this.#port = port;
    return port;
  }

  /** Sends a request, unless four are waiting for an answer: the process may be stopped. */
  send(workMs: number): void {
    if (this.#port === 0 || this.#pending >= 4) return;
    this.#pending += 1;
    void this.#request(workMs).finally(() => {
      this.#pending -= 1;
    });
  }

  /** Returns whether the process lets a request in now. */
  async isFree(): Promise<boolean> {
    return this.#port !== 0 && (await this.#request(0, 1_000)) === 200;
  }

  /** Resolves with the status code; 0 if the process is gone. */
  #request(workMs: number, timeout?: number): Promise<number> {
    return new Promise((resolve) => {
      const headers = { Host: HOST, "X-Work": String(workMs) };
      const sent = request({ port: this.#port, host: "127.0.0.1", agent: this.#agent, headers }, (response) => {
        response.resume();
        response.on("close", () => resolve(response.statusCode ?? 0));
      });
      if (timeout !== undefined) sent.setTimeout(timeout, () => sent.destroy());
      sent.on("error", () => resolve(0));
      sent.end();
    });
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#agent.destroy();
  }
}

/** The process that closes the site. */
export class CoordinatorWorker extends Worker<ProcessSettings> {
  /** Resolves with `null` if the process was killed. */
  async run(wanted: BarrierRequest): Promise<BarrierOutcome | null> {
    await this.start();
    const { child } = this;
    if (child === null) return null;
    const ended = new AbortController();
    const { signal } = ended;
    child.send(wanted);
    const answer = once(child, "message", { signal }).then(([outcome]): BarrierOutcome => outcome);
    const gone = once(child, "exit", { signal }).then(() => null);
    answer.catch(() => {});
    gone.catch(() => {});
    const outcome = await Promise.race([answer, gone]);
    ended.abort();
    return outcome;
  }
}

/** Returns a link to the server of a store: a proxy that can be stalled and cut. */
export async function linkTo({ port }: StoreUnderTest): Promise<TcpProxy | null> {
  return port === null ? null : await createTcpProxy({ to: { host: "127.0.0.1", port } });
}

/** Calls `step` until it returns true, for at most `milliseconds`. */
export async function until(milliseconds: number, step: () => Promise<boolean>): Promise<boolean> {
  const end = machineTime() + BigInt(milliseconds) * 1_000_000n;
  while (!(await step())) {
    if (machineTime() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
