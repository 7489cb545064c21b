import { type Command, Option } from "commander";
import { addNoticeOptions } from "../input/closure-options.ts";
import { addExamples } from "../output/examples.ts";
import type { PreviewOptions } from "../preview-page.ts";
import type { Perform } from "../session.ts";

export function definePreview(program: Command, perform: Perform): void {
  const command = addNoticeOptions(
    program
      .command("preview")
      .description("Prints what a visitor of the closed site would see, without closing anything.")
      .argument("[site]", "its id; left out: *"),
  )
    .option("--lang <tag>", "as in Accept-Language: de, pt-BR")
    .addOption(new Option("--type <type>", "default: html").choices(["html", "json", "text"]))
    .option("--out <file>", "writes it there instead of printing it");
  command.action((site: string | undefined, options: PreviewOptions) =>
    perform(command, async (session) => (await import("../preview-page.ts")).previewPage(session, site, options)),
  );
  addExamples(command, [
    ['preview --message "Back at nine" --until 21:00 --out page.html', "look at it in a browser"],
    ["preview shop --lang de --type text", "read it in German"],
    ["preview --type json", "see what a program gets"],
  ]);
}
