import type { Command } from "commander";
import { addChangeOptions } from "../input/change-options.ts";
import { collect } from "../input/closure-options.ts";
import type { NewTokenOptions, RevokeTokensOptions } from "../manage-tokens.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineToken(program: Command, perform: Perform): void {
  const token = program
    .command("token")
    .helpCommand(false)
    .description("Makes, shows and revokes tokens, by which programs use the admin.");
  addExamples(token, [
    ["token create --name ci --may view,switch --site shop --expires 90d", "let a deploy job close the shop"],
    ["token list", "see every token"],
    ["token revoke 3kT9xQab", "take one away, by its id"],
  ]);

  const create = addChangeOptions(
    token
      .command("create")
      .description("Makes a token and prints it, this once: only a hash of it is stored.")
      .requiredOption("--name <text>", "for whom or what it is; the history shows it with each change")
      .requiredOption("--may <rights>", "what it may do: view, switch, edit, links, access; with commas between")
      .option("--site <id>", "where it may do that; repeatable; left out: every site", collect)
      .option(
        "--expires <when>",
        "its end: 90d, 22:00, 'tomorrow 03:00 Europe/Berlin'; left out, or never: until revoked",
      ),
  );
  create.action((options: NewTokenOptions) =>
    perform(create, async (session) => (await import("../manage-tokens.ts")).createToken(session, options)),
  );
  addExamples(create, [
    ["token create --name ci --may view,switch --site shop --expires 90d", "for a deploy job"],
    ["token create --name monitoring --may view", "for one that only looks"],
  ]);

  const list = token.command("list").description("Lists tokens, without what would let somebody in.");
  list.action(() => perform(list, async (session) => (await import("../manage-tokens.ts")).listTokens(session)));
  addExamples(list, [["token list --json", "for a program"]]);

  const revoke = addChangeOptions(
    token
      .command("revoke")
      .description("Takes tokens away.")
      .argument("[id...]", "as `token list` shows them")
      .option("--all", "all of them instead"),
  );
  revoke.action((ids: readonly string[], options: RevokeTokensOptions) =>
    perform(revoke, async (session) => (await import("../manage-tokens.ts")).revokeTokens(session, ids, options)),
  );
  addExamples(revoke, [
    ["token revoke 3kT9xQab", "one, by its id"],
    ["token revoke --all --reason 'the laptop was lost'", "all of them"],
  ]);

  const hashPassword = token
    .command("hash-password")
    .description(
      "Prints the hash of a password, for the admin's option passwordHash. Asks for it, or reads it from stdin.",
    );
  hashPassword.action(() =>
    perform(hashPassword, async (session) => (await import("../input/hash-password.ts")).hashPassword(session)),
  );
  addExamples(hashPassword, [["token hash-password", "asks twice, and shows nothing of it"]]);
}
