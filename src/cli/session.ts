import type { Command } from "commander";
import type { CliContext } from "./cli-context.ts";
import type { Style } from "./output/style.ts";
import type { TimeReference } from "./times/format-time.ts";

/** One run of one command. */
export interface Session {
  readonly context: CliContext;
  /** The arguments after `--`. */
  readonly rest: readonly string[];
  readonly json: boolean;
  /** The argument of `--config`. */
  readonly configPath: string | undefined;
  /** Address of the admin to use instead of the store. */
  readonly adminUrl: string | undefined;
  /** Style for stdout. */
  readonly style: Style;
  readonly time: TimeReference;
  /** The command line before a command's name: `maintenance-mode` or `npx maintenance-mode`, with the given `--config` or `--url`. */
  readonly program: string;
  /** Reports that there is no configuration file in `folder`, and which store is used. */
  usesDefaults(folder: string, store: string): void;
  /** Writes a warning to stderr. */
  warn(message: string): void;
}

/** The result of a command, for programs and for users. */
export interface Report {
  readonly json: object;
  readonly text: string;
  /** @default 0 */
  readonly exitCode?: number;
  /** With `--json`, it is the last of several lines. @default false */
  readonly isLast?: boolean;
  /** stdout belongs to another program. @default false */
  readonly isForStderr?: boolean;
}

/** Runs a command and prints its report. */
export type Perform = (command: Command, work: (session: Session) => Promise<Report>) => Promise<void>;
