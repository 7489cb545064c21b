import type { Command } from "commander";
import { Option } from "commander";
import type { WaitOptions } from "../../control/barrier/wait-options.ts";
import { MaintenanceError } from "../../errors.ts";
import { WORK_POLICIES, type WorkPolicy } from "../../fleet/barrier.ts";
import { wholeNumber } from "./closure-options.ts";

/** The options of a wait, as typed. */
export interface TypedWait {
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly arm?: string;
  readonly expect?: string;
  readonly acceptEvicted?: string;
  readonly users?: "keep";
  readonly streams?: WorkPolicy;
  readonly sockets?: WorkPolicy;
  readonly cut?: string;
  readonly surfaces?: "ok";
  readonly queue?: boolean;
}

export function addWaitOptions(command: Command): Command {
  return command
    .option("--wait", "waits until every process has closed and its requests have ended")
    .option("--timeout <duration>", "with --wait: the longest wait; default: 5m")
    .option(
      "--arm <duration>",
      "with --wait: the longest wait before closing, for all processes to get ready; default: 5s",
    )
    .option("--expect <number>", "with --wait: so many processes have to close")
    .option(
      "--accept-evicted <duration>",
      "with --wait: after this time, the requests of silent processes count as ended",
    )
    .addOption(new Option("--users <what>", "with --wait: keep lets exempt users in during the wait").choices(["keep"]))
    .addOption(
      new Option("--streams <what>", "with --wait: answers of over 10 s; default: wait").choices(WORK_POLICIES),
    )
    .addOption(
      new Option("--sockets <what>", "with --wait: upgraded connections; default: wait").choices(WORK_POLICIES),
    )
    .option(
      "--cut <duration>",
      "with --wait: destroys requests that are still under way after this time; default: never",
    )
    .addOption(new Option("--surfaces <what>", "with --wait: accepts entries without a list").choices(["ok"]))
    .option("--queue", "with --wait: waits while another barrier is in the way");
}

const WAIT_ONLY = [
  "timeout",
  "arm",
  "expect",
  "acceptEvicted",
  "users",
  "streams",
  "sockets",
  "cut",
  "surfaces",
  "queue",
] as const;

/** Throws `ERR_INVALID_OPTION` for an option that has a meaning only with `--wait`. */
export function requireWait(typed: TypedWait): void {
  const name = WAIT_ONLY.find((option) => typed[option] !== undefined);
  if (typed.wait === true || name === undefined) return;
  const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${option} has a meaning only with --wait.`, {
    hint: `Add --wait, or leave ${option} out.`,
  });
}

export function toWaitOptions({ wait: _wait, expect, ...typed }: TypedWait): WaitOptions {
  const { timeout, arm, acceptEvicted, users, streams, sockets, cut, surfaces, queue } = typed;
  const rest = { timeout, arm, acceptEvicted, users, streams, sockets, cut, surfaces, queue };
  return { ...rest, expect: wholeNumber("--expect", expect) };
}
