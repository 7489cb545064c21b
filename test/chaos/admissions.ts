import { closeSync, openSync, readSync } from "node:fs";

/** A request that has entered the application. Times are nanoseconds of the machine's monotonic clock. */
export interface Admission {
  readonly pid: number;
  readonly arrived: bigint;
  readonly entered: bigint;
  /** `null` if it has not ended. */
  readonly ended: bigint | null;
}

/** The file to which the gates append what they let in. */
export class Admissions {
  readonly #file: number;
  readonly #open = new Map<string, Admission>();
  #at = 0;
  #rest = "";

  constructor(path: string) {
    this.#file = openSync(path, "a+");
  }

  /** Returns the requests that were admitted, or ended, since the last call, and those that have not ended. */
  read(): readonly Admission[] {
    const pieces: string[] = [this.#rest];
    const buffer = Buffer.alloc(65_536);
    for (let size = 1; size > 0; this.#at += size) {
      size = readSync(this.#file, buffer, 0, buffer.length, this.#at);
      pieces.push(buffer.toString("latin1", 0, size));
    }
    const lines = pieces.join("").split("\n");
    this.#rest = lines.pop() ?? "";
    const ended = lines.flatMap((line) => this.#add(line) ?? []);
    return [...ended, ...this.#open.values()];
  }

  /** Returns an admission that has ended. */
  #add(line: string): Admission | null {
    const [kind, pid = "", number = "", first = "", second = ""] = line.split(" ");
    const id = `${pid} ${number}`;
    const known = this.#open.get(id);
    if (kind === "+") {
      this.#open.set(id, { pid: Number(pid), arrived: BigInt(first), entered: BigInt(second), ended: null });
      return null;
    }
    this.#open.delete(id);
    return known === undefined ? null : { ...known, ended: BigInt(first) };
  }

  /** Those of a process that was killed have ended with it. */
  forget(pid: number): void {
    for (const [id, admission] of this.#open) if (admission.pid === pid) this.#open.delete(id);
  }

  close(): void {
    closeSync(this.#file);
  }
}
