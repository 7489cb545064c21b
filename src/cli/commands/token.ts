import type { Command } from "commander";
import { hashPassword, requireLength } from "../../admin/access/password-hash.ts";
import { mintAccessToken, type NewToken } from "../../control/apply/mint-access-token.ts";
import type { AddTokenCommand } from "../../control/command.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import type { AccessToken, Right } from "../../state/access-token.ts";
import { parseInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { formatList } from "../../text/list.ts";
import { plain, quote } from "../../text/quote.ts";
import { collect, parseEnd } from "../input/closure-options.ts";
import { addChangeOptions, addExamples } from "../input/definition.ts";
import { NOTHING_WRITTEN } from "../output/describe-closure.ts";
import { formatTable } from "../output/format-table.ts";
import type { ChangeOptions } from "../project/change-project.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatShortTime, formatTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const token = program
    .command("token")
    .helpCommand(false)
    .description("Creates, lists and revokes tokens for programs that use the admin.");
  addExamples(token, [
    ["token create --name ci --may view,switch --site shop --expires 90d", "let a deploy job close the shop"],
    ["token list", "see every token"],
    ["token revoke 3kT9xQab", "revoke one, by its id"],
  ]);

  const create = addChangeOptions(
    token
      .command("create")
      .description("Creates a token and prints it once: only a hash of it is stored.")
      .requiredOption("--name <text>", "the person or program, shown in the history with each change")
      .requiredOption("--may <rights>", "its rights, separated by commas: view, switch, edit, links, access")
      .option("--site <id>", "a site on which it has these rights; repeatable; default: every site", collect)
      .option("--expires <when>", "when it expires: 90d, 22:00, 'tomorrow 03:00 Europe/Berlin'; default: never"),
  );
  create.action((options: NewTokenOptions) => perform(create, (session) => createToken(session, options)));
  addExamples(create, [
    ["token create --name ci --may view,switch --site shop --expires 90d", "for a deploy job"],
    ["token create --name monitoring --may view", "for a program that only reads"],
  ]);

  const list = token.command("list").description("Lists tokens, without their secrets.");
  list.action(() => perform(list, (session) => listTokens(session)));
  addExamples(list, [["token list --json", "for a program"]]);

  const revoke = addChangeOptions(
    token
      .command("revoke")
      .description("Revokes tokens.")
      .argument("[id...]", "as `token list` shows them")
      .option("--all", "all tokens"),
  );
  revoke.action((ids: readonly string[], options: RevokeTokensOptions) =>
    perform(revoke, (session) => revokeTokens(session, ids, options)),
  );
  addExamples(revoke, [
    ["token revoke 3kT9xQab", "one, by its id"],
    ["token revoke --all --reason 'the laptop was lost'", "all of them"],
  ]);

  const hashing = token
    .command("hash-password")
    .description(
      "Prints the hash of a password, for the admin's option passwordHash. Asks for it, or reads it from stdin.",
    );
  hashing.action(() => perform(hashing, (session) => printPasswordHash(session)));
  addExamples(hashing, [["token hash-password", "asks twice, and does not show what you type"]]);
}

interface NewTokenOptions extends ChangeOptions {
  readonly name: string;
  readonly may: string;
  readonly site?: readonly string[];
  readonly expires?: string;
}

interface RevokeTokensOptions extends ChangeOptions {
  readonly all?: boolean;
}

async function createToken(session: Session, options: NewTokenOptions): Promise<Report> {
  const { name, reason, dryRun = false } = options;
  const { by } = session.context;
  return await withProject(session, async ({ controller }) => {
    const end = await parseEnd({ until: options.expires ?? "never" }, session.time);
    const expires = end?.until ?? null;
    const sites = options.site === undefined || options.site.includes(ALL_SITES) ? null : options.site;
    // The validation of the command reports an invalid right.
    const may = options.may.split(",").map((right) => right.trim()) as readonly Right[];
    const request: NewToken = { name, may, sites, expires, reason };
    const made = dryRun ? null : await controller.tokens.create({ ...request, by });
    const { position } = made ?? (await controller.rehearse(addToken(request), by));
    const remarks = end?.remark ? [end.remark] : [];
    const time = { ...session.time, timeZone: end?.timeZone ?? session.time.timeZone };
    const [id, secret] = [made?.id ?? null, made?.token ?? null];
    return {
      json: {
        command: "token create",
        dryRun,
        id,
        name,
        may,
        sites,
        expires,
        token: secret,
        remarks,
        version: position.version,
      },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        `Anyone who has this token (${quote(name)}) may ${formatList(may)} in the admin, ${whereOf(sites)}:`,
        secret === null ? "  (not created: this is a dry run)" : `  ${secret}`,
        expires === null ? "Until it is revoked." : `Until ${formatTime(parseInstant(expires), time)}.`,
        ...remarks,
        "Send it as a header: Authorization: Bearer TOKEN",
        "It is shown only this once: the store keeps a hash of it.",
        ...(id === null ? [] : [`To revoke it: ${session.program} token revoke ${id}`]),
      ].join("\n"),
    };
  });
}

async function listTokens(session: Session): Promise<Report> {
  return await withProject(session, async ({ controller }) => {
    const { now, timeZone } = session.time;
    const tokens = tokensOf(await controller.state()).map(({ hash: _hash, ...token }) => token);
    const rows = tokens.map(({ id, name, may, sites, expires, created: { at, by } }) => {
      const end = expires === null ? null : parseInstant(expires);
      const until = end === null ? "when revoked" : formatShortTime(end, timeZone);
      const made = `${formatShortTime(parseInstant(at), timeZone)} by ${plain(by.label)} (${by.kind})`;
      const where = sites?.join(", ") ?? ALL_SITES;
      return [id, plain(name), may.join(", "), where, end !== null && end <= now ? `${until} (expired)` : until, made];
    });
    const head = ["Id", "Name", "May", "Sites", "Expires", "Made"].map(session.style.faint);
    const none = `There is no token. To create one: ${session.program} token create --name NAME --may view,switch`;
    return { json: { tokens }, text: rows.length === 0 ? none : `${formatTable(head, rows)}\nTimes: ${timeZone}` };
  });
}

async function revokeTokens(
  session: Session,
  ids: readonly string[],
  { all = false, dryRun = false, reason }: RevokeTokensOptions,
): Promise<Report> {
  requireOne(ids, all);
  return await withProject(session, async ({ controller }) => {
    const execute = dryRun ? controller.rehearse : controller.execute;
    const command = { type: "revoke-tokens", tokens: all ? undefined : ids, reason } as const;
    const { outcomes, position } = await execute(command, session.context.by);
    const { before, after } = outcomes[0] ?? {};
    const left = new Set(after?.access.tokens.map(({ id }) => id));
    const revoked = (before?.access.tokens ?? [])
      .filter(({ id }) => !left.has(id))
      .map(({ id, name }) => ({ id, name }));
    const names = formatList(revoked.map(({ id, name }) => `${id} (${quote(name)})`));
    return {
      json: { command: "token revoke", dryRun, revoked, version: position.version },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        names === "" ? "There is no token: nothing changed." : `No longer let into the admin: ${names}.`,
      ].join("\n"),
    };
  });
}

function addToken(request: NewToken): AddTokenCommand {
  return { type: "add-token", token: mintAccessToken(request).token, reason: request.reason };
}

function tokensOf({ records }: State): readonly AccessToken[] {
  return records.get(ALL_SITES)?.access.tokens ?? [];
}

function whereOf(sites: readonly string[] | null): string {
  return sites === null ? "for every site" : `for ${formatList(sites)}`;
}

function requireOne(ids: readonly string[], all: boolean): void {
  if (ids.length > 0 !== all) return;
  const message = all ? "Ids of tokens and --all are both given." : "No id of a token is given.";
  throw new MaintenanceError("ERR_INVALID_COMMAND", message, {
    hint: "Give ids from `token list`, or --all.",
  });
}

/** Asks for a password on an interactive terminal; otherwise reads it from stdin. */
async function printPasswordHash({ context }: Session): Promise<Report> {
  const passwordHash = await hashPassword(context.isInteractive ? await ask() : await read());
  return { json: { passwordHash }, text: passwordHash };

  async function ask(): Promise<string> {
    const prompts = await context.loadPrompts();
    const password = await prompts.password("The password for the admin", whyTooShort);
    await prompts.password("The same again", (again) => (again === password ? undefined : "The passwords differ."));
    return password;
  }

  async function read(): Promise<string> {
    const password = (await context.readInput()).replace(/\r?\n$/, "");
    if (password !== "") return password;
    throw new MaintenanceError("ERR_INVALID_COMMAND", "There is no password on stdin.", {
      hint: "Run it on a terminal, or pipe the password to it.",
    });
  }
}

function whyTooShort(password: string): string | undefined {
  try {
    requireLength(password);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
