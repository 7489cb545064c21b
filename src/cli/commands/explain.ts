import { type Command, Option } from "commander";
import type { ExplainOptions } from "../explain-request.ts";
import { collect } from "../input/closure-options.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineExplain(program: Command, perform: Perform): void {
  const command = program
    .command("explain")
    .description("Says what becomes of a request now and why, by the very rules that the server follows.")
    .argument("<url>", "https://shop.example/cart, or a path alone: /cart")
    .option("--method <name>", "default: GET")
    .option("--ip <address>", "where it comes from: the address that the server's socket sees")
    .option("--header <line>", "'Name: value'; repeatable", collect)
    .addOption(new Option("--user <kind>", "who asks").choices(["anonymous", "authenticated", "staff", "superuser"]))
    .addOption(new Option("--operation <kind>", "what the application says of a POST").choices(["read", "write"]))
    .addOption(
      new Option("--if <mode>", "what would happen if the request's site were closed like that").choices([
        "closed",
        "read-only",
      ]),
    );
  command.action((url: string, options: ExplainOptions) =>
    perform(command, async (session) => (await import("../explain-request.ts")).explainRequest(session, url, options)),
  );
  addExamples(command, [
    ["explain https://shop.example/cart", "what does a visitor get?"],
    ["explain https://shop.example/ --ip 10.0.0.42 --user staff", "does the office get in?"],
    ["explain https://shop.example/ --ip 10.0.0.42 --if closed", "would the office get in, before you close it?"],
    ["explain /api/users --header 'Accept: application/json'", "what does a program get?"],
  ]);
}
