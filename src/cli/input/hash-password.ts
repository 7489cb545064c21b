import { hashPassword as hash, requireLength } from "../../admin/access/password-hash.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import type { Report, Session } from "../session.ts";

/** What `token hash-password` does: asks for a password where somebody is there to ask, and else reads it from stdin. */
export async function hashPassword({ context }: Session): Promise<Report> {
  const passwordHash = await hash(context.isInteractive ? await ask() : await read());
  return { json: { passwordHash }, text: passwordHash };

  async function ask(): Promise<string> {
    const prompts = await context.loadPrompts();
    const password = await prompts.password("The password for the admin", whyTooShort);
    await prompts.password("The same again", (again) => (again === password ? undefined : "This is another one."));
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
