import { type Command, CommanderError } from "commander";
import { ERROR_HINTS, messageOf } from "../../errors.ts";
import { isDuration, likelyDuration } from "../../state/duration.ts";
import type { Style } from "./style.ts";

/** An error as the command line prints it. */
export interface CliError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Returns an error for output. `usage` is the hint if there is no better one: the help of `command`. */
export function toCliError(thrown: unknown, usage: string, command?: Command): CliError {
  if (thrown instanceof CommanderError) {
    const [, message = "", likely] = /^(?:error: )?(.*?)(?:\n\(Did you mean (.*?)\?\))?$/s.exec(thrown.message) ?? [];
    const meant = meantCommand(message) ?? likely;
    const hint =
      /^unknown option '--sites?\b/.test(message) && takesSite(command)
        ? `The site is an argument: ${usage.replace("--help", "SITE")}`
        : meant === undefined
          ? `See: ${usage}`
          : `Did you mean '${meant}'?`;
    return { code: "ERR_INVALID_COMMAND", message: sentence(message), hint };
  }
  // Recognised by its members: a store from the configuration file may use another copy of this package.
  if (thrown instanceof Error && "code" in thrown && "hint" in thrown && Object.hasOwn(ERROR_HINTS, `${thrown.code}`)) {
    return { code: `${thrown.code}`, message: sentence(withOption(thrown.message)), hint: `${thrown.hint}` };
  }
  const hint = "This should not happen: please report it, with what you typed.";
  return { code: "ERR_UNEXPECTED", message: sentence(messageOf(thrown)), hint };
}

function takesSite(command: Command | undefined): boolean {
  const [first] = command?.registeredArguments ?? [];
  return first !== undefined && (first.name() === "site" || command?.parent?.name() === "sites");
}

/** Commands by their names in other tools. */
const SYNONYMS: Readonly<Record<string, string>> = {
  close: "on",
  down: "on",
  enable: "on",
  start: "on",
  open: "off",
  up: "off",
  disable: "off",
  stop: "off",
  end: "off",
  state: "status",
  list: "sites list",
  log: "history",
  why: "explain",
  test: "explain",
  check: "doctor",
  admin: "serve",
};

function meantCommand(message: string): string | undefined {
  const [, typed] = /^unknown command '(.*)'$/.exec(message) ?? [];
  if (typed === undefined) return undefined;
  const duration = isDuration(typed) ? typed : likelyDuration(typed);
  return duration === null ? SYNONYMS[typed.toLowerCase()] : `on --for ${duration}`;
}

const EXEMPTION_OPTIONS = { addresses: "--ip", paths: "--path" };
/** By command, the option that sets each member. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  close: {
    "exempt.addresses": "--allow-ip",
    "exempt.paths": "--allow-path",
    paths: "--only",
    statusCode: "--status-code",
    retryAfter: "--retry-after",
    refresh: "--refresh",
    redirect: "--redirect",
    moreUrl: "--more-url",
    title: "--title",
    message: "--message",
  },
  "add-exemptions": EXEMPTION_OPTIONS,
  "remove-exemptions": EXEMPTION_OPTIONS,
  "add-link": { "link.label": "--label" },
  "add-token": { "token.name": "--name", "token.may": "--may", "token.sites": "--site" },
};
const MEMBER = /^the command '([\w-]+)', ([\w.]+?)(?:\[\d+\])?(?:\.(pattern|range|description))?: /i;

/** Replaces the member of the command, which programs set, with the option that the user has typed. */
function withOption(message: string): string {
  return message.replace(MEMBER, (whole, command: string, member: string, part?: string) => {
    const option = member === "reason" ? "--reason" : OPTIONS[command]?.[member];
    return option === undefined ? whole : `${part === "description" ? "--description" : option}: `;
  });
}

export function formatCliError({ code, message, hint }: CliError, style: Style): string {
  return `${style.bad("Error:")} ${message} ${style.faint(`[${code}]`)}\n${hint}\n`;
}

function sentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
