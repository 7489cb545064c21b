import { type Command, Option } from "commander";
import type { CloseCommand } from "../../control/command.ts";
import { type ErrorCode, MaintenanceError } from "../../errors.ts";
import { isDuration, likelyDuration, parseDuration } from "../../state/duration.ts";
import { formatInstant } from "../../state/instant.ts";
import type { TimeReference } from "../times/format-time.ts";

/** The options of a closure, as typed. */
export interface ClosureOptions {
  readonly message?: string;
  readonly title?: string;
  readonly messageIn?: readonly string[];
  readonly titleIn?: readonly string[];
  readonly moreUrl?: string;
  readonly until?: string;
  readonly for?: string;
  readonly readOnly?: boolean;
  readonly only?: readonly string[];
  readonly allowIp?: readonly string[];
  readonly allowPath?: readonly string[];
  readonly redirect?: string;
  readonly statusCode?: string;
  readonly retryAfter?: string;
  readonly refresh?: string;
  readonly lockdown?: boolean;
  readonly reason?: string;
  readonly ignoreMissing?: boolean;
  readonly anyway?: boolean;
}

/** The end of a closure as typed; `null` if none was given. */
interface TypedEnd {
  /** RFC 3339; `null`: until it is opened. */
  readonly until: string | null;
  readonly timeZone: string;
  readonly remark: string | null;
}

/** Adds the options of the notice: `on` sets it, and `preview` shows it. */
export function addNoticeOptions(command: Command): Command {
  return command
    .option("--message <text>", "the message for visitors")
    .option("--title <text>", "the title of the message")
    .option("--message-in <lang=text>", "the message in one language: de='Zurück um neun'; repeatable", collect)
    .option("--title-in <lang=text>", "the title in one language; repeatable", collect)
    .option("--more-url <url>", "where visitors can read more")
    .addOption(
      new Option(
        "--until <when>",
        "opens automatically at this time: 22:00, 2h, 'tomorrow 03:00 Europe/Berlin', or never",
      ).conflicts("for"),
    )
    .option("--for <duration>", "opens automatically after this time: 90s, 30m, 2h, 1h30m, 2d")
    .option("--read-only", "goes on serving pages, and refuses requests that write");
}

export function addClosureOptions(command: Command): Command {
  return addNoticeOptions(command)
    .option("--only <path>", "closes only this path; repeatable", collect)
    .option("--allow-ip <range>", "lets this address or range in until it opens; repeatable", collect)
    .option("--allow-path <path>", "lets this path in until it opens; repeatable", collect)
    .option("--redirect <target>", "sends browsers to this path or URL")
    .option("--status-code <code>", "the status instead of 503: 400 to 599")
    .option("--retry-after <seconds>", "the header Retry-After: seconds or a duration; 0 omits it")
    .option("--refresh <seconds>", "the header Refresh: seconds or a duration; 0 omits it")
    .option("--lockdown", "ignores exemptions")
    .option("--no-lockdown", "applies exemptions again")
    .option("--reason <text>", "the reason, shown in the history");
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Parses the end. Throws `ERR_INVALID_TIME`. The parser of times is loaded only if needed. */
export async function parseEnd(
  options: Pick<ClosureOptions, "until" | "for">,
  time: TimeReference,
): Promise<TypedEnd | null> {
  const typed = options.for ?? options.until;
  if (typed === undefined) return null;
  if (typed === "never" && options.for === undefined) return { until: null, timeZone: time.timeZone, remark: null };
  const { after, parseTime } = await import("../times/parse-time.ts");
  const end = options.for === undefined ? parseTime(typed, time) : after(parseDuration(typed), time);
  return { until: formatInstant(end.time), timeZone: end.timeZone, remark: end.remark };
}

/** Returns the command. Throws the code of an option that is not a number. The command itself checks the ranges. */
export function toCloseCommand(sites: readonly string[], options: ClosureOptions, end: TypedEnd | null): CloseCommand {
  const { message, title, moreUrl, allowIp, allowPath, redirect } = options;
  return {
    type: "close",
    sites: sites.length === 0 ? undefined : sites,
    mode: options.readOnly === true ? "read-only" : undefined,
    until: end?.until,
    title,
    message,
    translations: translationsOf(options),
    moreUrl,
    statusCode: wholeNumber("--status-code", options.statusCode, "ERR_INVALID_STATUS"),
    retryAfter: seconds("--retry-after", options.retryAfter),
    refresh: seconds("--refresh", options.refresh),
    redirect,
    paths: options.only,
    exempt: allowIp === undefined && allowPath === undefined ? undefined : { addresses: allowIp, paths: allowPath },
    lockdown: options.lockdown,
    reason: options.reason,
    ignoreMissing: options.ignoreMissing,
    anyway: options.anyway,
  };
}

type Translations = CloseCommand["translations"];

/** Throws `ERR_INVALID_OPTION` for a text without a language before its `=`. */
function translationsOf({ titleIn = [], messageIn = [] }: ClosureOptions): Translations {
  if (titleIn.length + messageIn.length === 0) return undefined;
  const titles = new Map(titleIn.map((typed) => languageAndText("--title-in", typed)));
  const messages = new Map(messageIn.map((typed) => languageAndText("--message-in", typed)));
  const languages = new Set([...titles.keys(), ...messages.keys()]);
  return Object.fromEntries(
    [...languages].map((tag) => [tag, { title: titles.get(tag) ?? "", message: messages.get(tag) ?? "" }]),
  );
}

function languageAndText(option: string, typed: string): readonly [language: string, text: string] {
  const [, language, text] = /^([A-Za-z][\w-]*)=(.*)$/s.exec(typed) ?? [];
  if (language !== undefined && text !== undefined) return [language, text];
  throw new MaintenanceError("ERR_INVALID_OPTION", `${option}: '${typed}' names no language.`, {
    hint: `Write the language tag, '=' and the text: ${option} de='Zurück um neun'`,
  });
}

export function wholeNumber(
  option: string,
  text: string | undefined,
  code: ErrorCode = "ERR_INVALID_OPTION",
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const hint = code === "ERR_INVALID_OPTION" ? { hint: "Write a whole number, such as 60." } : {};
  if (/^\d+$/.test(text)) throw new MaintenanceError(code, `${option}: '${text}' is too large.`, hint);
  throw new MaintenanceError(code, `${option}: '${text}' is not a whole number.`, hint);
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return wholeNumber(option, text);
  if (isDuration(text)) return parseDuration(text) / 1_000;
  const likely = likelyDuration(text);
  throw new MaintenanceError("ERR_INVALID_OPTION", `${option}: '${text}' is not a whole number.`, {
    hint: likely === null ? "Write seconds, such as 60, or a duration, such as '2h'." : `Did you mean '${likely}'?`,
  });
}
