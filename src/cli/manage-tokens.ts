import { mintAccessToken, type NewToken } from "../control/apply/mint-access-token.ts";
import type { AddTokenCommand } from "../control/command.ts";
import { MaintenanceError } from "../errors.ts";
import type { AccessToken, Right } from "../state/access-token.ts";
import { parseInstant } from "../state/instant.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import { plain, quote } from "../text/quote.ts";
import { listing } from "../text/site-name.ts";
import { parseEnd } from "./input/closure-options.ts";
import { NOTHING_WRITTEN } from "./output/describe-closure.ts";
import { formatTable } from "./output/format-table.ts";
import type { ChangeOptions } from "./project/change-project.ts";
import { withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";
import { formatShortTime, formatTime } from "./times/format-time.ts";

export interface NewTokenOptions extends ChangeOptions {
  readonly name: string;
  readonly may: string;
  readonly site?: readonly string[];
  readonly expires?: string;
}

export interface RevokeTokensOptions extends ChangeOptions {
  readonly all?: boolean;
}

/** What `token create` does. */
export async function createToken(session: Session, options: NewTokenOptions): Promise<Report> {
  const { name, reason, dryRun = false } = options;
  const { by } = session.context;
  return await withProject(session, async ({ controller }) => {
    const end = await parseEnd({ until: options.expires ?? "never" }, session.time);
    const expires = end?.until ?? null;
    const sites = options.site === undefined || options.site.includes(ALL_SITES) ? null : options.site;
    // What is misspelt is refused with all the others that a command may break.
    const may = options.may.split(",").map((right) => right.trim()) as readonly Right[];
    const request: NewToken = { name, may, sites, expires, reason };
    const made = dryRun ? null : await controller.createToken(request, by);
    const { position } = made ?? (await controller.rehearse(addToken(request, session.time.now), by));
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
        `Whoever has this token (${quote(name)}) may ${listing(may)} in the admin, ${whereOf(sites)}:`,
        secret === null ? "  (it is made when this is no dry run)" : `  ${secret}`,
        expires === null ? "Until it is revoked." : `Until ${formatTime(parseInstant(expires), time)}.`,
        ...remarks,
        "Send it as a header: Authorization: Bearer TOKEN",
        "It is shown only this once: what is stored is a hash.",
        ...(id === null ? [] : [`To revoke it: ${session.program} token revoke ${id}`]),
      ].join("\n"),
    };
  });
}

/** What `token list` does. */
export async function listTokens(session: Session): Promise<Report> {
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
    const none = `There is no token. To make one: ${session.program} token create --name NAME --may view,switch`;
    return { json: { tokens }, text: rows.length === 0 ? none : `${formatTable(head, rows)}\nTimes: ${timeZone}` };
  });
}

/** What `token revoke` does. */
export async function revokeTokens(
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
    const names = listing(revoked.map(({ id, name }) => `${id} (${quote(name)})`));
    return {
      json: { command: "token revoke", dryRun, revoked, version: position.version },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        names === "" ? "There is no token: nothing changed." : `No longer let into the admin: ${names}.`,
      ].join("\n"),
    };
  });
}

function addToken(request: NewToken, now: number): AddTokenCommand {
  return { type: "add-token", token: mintAccessToken(request, now).token, reason: request.reason };
}

function tokensOf({ records }: State): readonly AccessToken[] {
  return records.get(ALL_SITES)?.access.tokens ?? [];
}

function whereOf(sites: readonly string[] | null): string {
  return sites === null ? "for every site" : `for ${listing(sites)}`;
}

function requireOne(ids: readonly string[], all: boolean): void {
  if (ids.length > 0 !== all) return;
  const message = all ? "Tokens are named, and --all is given." : "No token is named.";
  throw new MaintenanceError("ERR_INVALID_COMMAND", message, {
    hint: "Name ids, as `token list` shows them, or --all.",
  });
}
