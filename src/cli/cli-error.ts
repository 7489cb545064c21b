import { CommanderError } from "commander";
import { ERROR_HINTS, messageOf } from "../errors.ts";
import type { Style } from "./style.ts";

/** An error as the command line tells it. */
export interface CliError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** `usage` is where to look when nothing better is known: the help of the command that was meant. */
export function toCliError(thrown: unknown, usage: string): CliError {
  if (thrown instanceof CommanderError) {
    const [, message = "", likely] = /^(?:error: )?(.*?)(?:\n\(Did you mean (.*?)\?\))?$/s.exec(thrown.message) ?? [];
    const hint = likely === undefined ? `See: ${usage}` : `Did you mean '${likely}'?`;
    return { code: "ERR_INVALID_COMMAND", message: sentence(message), hint };
  }
  // By shape: a store that the configuration file made may come from another copy of this package.
  if (thrown instanceof Error && "code" in thrown && "hint" in thrown && Object.hasOwn(ERROR_HINTS, `${thrown.code}`)) {
    return { code: `${thrown.code}`, message: sentence(thrown.message), hint: `${thrown.hint}` };
  }
  const hint = "This should not happen: please report it, with what you typed.";
  return { code: "ERR_UNEXPECTED", message: sentence(messageOf(thrown)), hint };
}

export function formatCliError({ code, message, hint }: CliError, style: Style): string {
  return `${style.bad("Error:")} ${message} ${style.faint(`[${code}]`)}\n${hint}\n`;
}

function sentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
