import type { Clock } from "../clock.ts";
import type { Actor } from "../state/actor.ts";
import type { Prompts } from "./input/prompts.ts";

/** Everything that the command line has of the world around it; `bin.ts` makes the real one. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** A person is there to answer: a terminal to read from and to ask on, and no CI. */
  readonly isInteractive: boolean;
  readonly clock: Clock;
  /** The local zone, by its IANA name. */
  readonly timeZone: string;
  /** Who runs this, as the history will show it. */
  readonly by: Actor;
  /** Of this package. */
  readonly version: string;
  /** Loads the prompts when there is a question to ask. */
  loadPrompts(): Promise<Prompts>;
  /** All that is piped in, up to its end. */
  readInput(): Promise<string>;
}

export interface Output {
  readonly isTTY: boolean;
  /** Width in characters; `undefined` where there is none. */
  readonly columns: number | undefined;
  write(text: string): void;
}
