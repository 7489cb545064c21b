import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import {
  type BarrierOutcome,
  type BarrierRequest,
  type CoordinatorSettings,
  type GateSettings,
  HOST,
  machineTime,
  type Order,
  type Report,
} from "./messages.ts";

const FILE = fileURLToPath(new URL("site-process.ts", import.meta.url));
/** Loading takes half of the time from compiled files. */
const ENVIRONMENT = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "maintenance-chaos-compiled") };

/** Processes that have loaded everything, started ahead: one that is killed is replaced within a moment. */
export class Spares {
  readonly #loading: Promise<ChildProcess>[];

  constructor(count: number) {
    this.#loading = Array.from({ length: count }, loadProcess);
  }

  async take(): Promise<ChildProcess> {
    const next = this.#loading.shift();
    this.#loading.push(loadProcess());
    return await (next ?? loadProcess());
  }

  async end(): Promise<void> {
    for (const loading of this.#loading) (await loading).kill("SIGKILL");
  }
}

async function loadProcess(): Promise<ChildProcess> {
  const child = fork(FILE, { execArgv: ["--conditions=source"], env: ENVIRONMENT });
  // Of a message to a process that was killed.
  child.on("error", () => {});
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code, signal]) => {
      throw new Error(`A process of the harness ended with ${code ?? signal}.`);
    }),
  ]);
  return child;
}

/** A process with a link of its own to the store. Started again after it was killed. */
abstract class Worker<Settings extends GateSettings | CoordinatorSettings> {
  readonly link: TcpProxy | null;
  readonly #settings: Settings;
  readonly #spares: Spares;
  readonly #reports = new EventEmitter<
    { [Kind in Report["kind"]]: [Extract<Report, { kind: Kind }>] } & { gone: [] }
  >();
  #child: ChildProcess | null = null;
  #starting: Promise<void> | null = null;
  #isStopping = false;

  constructor(settings: Settings, spares: Spares, link: TcpProxy | null) {
    this.#settings = settings;
    this.#spares = spares;
    this.link = link;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when the process is ready. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const child = await this.#spares.take();
    if (this.#isStopping) {
      child.kill("SIGKILL");
      return;
    }
    this.#child = child;
    child.on("message", (report: Report) => void this.#reports.emit(report.kind, report as never));
    child.once("exit", (code) => {
      // The harness kills processes; any other end is a defect.
      if (code !== null) throw new Error(`The process ${child.pid} of the harness ended with ${code}.`);
      this.#reports.emit("gone");
    });
    const ready = this.next("ready");
    this.tell({ kind: "begin", settings: this.#settings });
    const report = await ready;
    if (report !== null) this.onReady(report.port);
  }

  protected onReady(_port: number): void {}

  tell(order: Order): void {
    if (this.#isRunning(this.#child)) this.#child.send(order);
  }

  /** Resolves with the next report of a kind; with `null` when the process is gone or the signal aborts. */
  async next<Kind extends Report["kind"]>(
    kind: Kind,
    isIt: (report: Extract<Report, { kind: Kind }>) => boolean = () => true,
    signal?: AbortSignal,
  ): Promise<Extract<Report, { kind: Kind }> | null> {
    return await new Promise((resolve) => {
      const end = (report: Extract<Report, { kind: Kind }> | null): void => {
        this.#reports.off(kind, see as never);
        this.#reports.off("gone", leave);
        signal?.removeEventListener("abort", leave);
        resolve(report);
      };
      const see = (report: Extract<Report, { kind: Kind }>): void => void (isIt(report) && end(report));
      const leave = (): void => end(null);
      this.#reports.on(kind, see as never);
      this.#reports.on("gone", leave);
      signal?.addEventListener("abort", leave);
    });
  }

  signal(name: NodeJS.Signals): void {
    if (this.#isRunning(this.#child)) this.#child.kill(name);
  }

  #isRunning(child: ChildProcess | null): child is ChildProcess {
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  /** Kills the process. Resolves with its pid when it is gone. */
  async kill(): Promise<number> {
    const child = this.#child;
    if (!this.#isRunning(child)) return this.pid;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    this.#starting = null;
    return child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.kill();
    await this.link?.close();
  }
}

/** A process with a gate, and the clients that it serves. */
export class GateWorker extends Worker<GateSettings> {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  #port = 0;
  #pending = 0;

  protected override onReady(port: number): void {
    this.#port = port;
  }

  /** Sends a request, unless four are waiting for an answer: the process may be stopped. */
  send(workMs: number): void {
    if (this.#port === 0 || this.#pending >= 4) return;
    this.#pending += 1;
    void this.#request(workMs).finally(() => {
      this.#pending -= 1;
    });
  }

  /** Resolves with the status code of a request now; 0 if it is not answered within a second. */
  async answer(): Promise<number> {
    return this.#port === 0 ? 0 : await this.#request(0, 1_000);
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
export class CoordinatorWorker extends Worker<CoordinatorSettings> {
  /** Resolves with `null` if the process was killed. */
  async run(request: BarrierRequest): Promise<BarrierOutcome | null> {
    await this.start();
    const outcome = this.next("outcome");
    this.tell({ kind: "close", request });
    return (await outcome)?.outcome ?? null;
  }
}

/** Calls `step` until it returns true, for at most `milliseconds`. */
export async function until(milliseconds: number, step: () => Promise<boolean>): Promise<boolean> {
  const end = machineTime() + BigInt(milliseconds) * 1_000_000n;
  while (!(await step())) {
    if (machineTime() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
