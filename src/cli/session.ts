import type { Command } from "commander";
import type { CliContext } from "./cli-context.ts";
import type { Style } from "./output/style.ts";
import type { TimeReference } from "./times/format-time.ts";

/** One run of one command. */
export interface Session {
  readonly context: CliContext;
  readonly json: boolean;
  /** The argument of `--config`. */
  readonly configPath: string | undefined;
  /** Of the admin to work on instead of the store; `undefined`: none. */
  readonly adminUrl: string | undefined;
  /** For what goes to stdout. */
  readonly style: Style;
  readonly time: TimeReference;
  /** What the user types before a command's name: `maintenance-mode` or `npx maintenance-mode`, with the given `--config` or `--url`. */
  readonly program: string;
  /** Says that there is no configuration file in `folder`, and in which store the state is then. */
  usesDefaults(folder: string, store: string): void;
  /** Writes a warning to stderr. */
  warn(message: string): void;
}

/** What a command has to say, for programs and for people. */
export interface Report {
  readonly json: object;
  readonly text: string;
  /** Left out: 0. */
  readonly exitCode?: number;
}

/** Runs a command's work and prints its report. */
export type Perform = (command: Command, work: (session: Session) => Promise<Report>) => Promise<void>;
