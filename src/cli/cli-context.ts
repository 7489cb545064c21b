import type { Clock } from "../clock.ts";
import type { Actor } from "../state/actor.ts";
import type { Prompts } from "./input/prompts.ts";

/** The environment of the command line; `bin.ts` creates the real one. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** A user can answer questions: there is a terminal for input and output, and no CI. */
  readonly isInteractive: boolean;
  readonly clock: Clock;
  /** The local zone, by its IANA name. */
  readonly timeZone: string;
  /** The actor for the history. */
  readonly by: Actor;
  /** Version of this package. */
  readonly version: string;
  /** Loads the prompts when they are needed. */
  loadPrompts(): Promise<Prompts>;
  /** Returns everything that is piped in. */
  readInput(): Promise<string>;
  /**
   * Starts a program with the terminal of this process. Rejects with the error of the operating system if it cannot be started.
   */
  startProgram(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Program>;
  /** Calls `listener` with each signal that a program has to get too. Returns a function that unregisters it. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Resolves with the signal when the process is asked to end. */
  stopped(): Promise<string>;
}

/** A program that was started. */
export interface Program {
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
}

export interface Output {
  readonly isTTY: boolean;
  /** Width in characters; `undefined` if it is not a terminal. */
  readonly columns: number | undefined;
  write(text: string): void;
}
