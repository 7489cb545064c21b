import { MaintenanceError } from "../../errors.ts";
import type { Session } from "../session.ts";
import { cancelled } from "./cancelled.ts";
import type { Prompts } from "./prompts.ts";

/** The way to ask; throws `ERR_INVALID_COMMAND` where nobody is there to answer. */
export async function requirePrompts({ context }: Session): Promise<Prompts> {
  if (context.isInteractive) return await context.loadPrompts();
  throw new MaintenanceError("ERR_INVALID_COMMAND", "--interactive needs a terminal to ask on.", {
    hint: "Give the sites and options on the command line instead.",
  });
}

/** Throws `ERR_INVALID_COMMAND` unless the answer is yes. */
export async function confirm({ context }: Session, question: string): Promise<void> {
  const prompts = await context.loadPrompts();
  if (!(await prompts.confirm(question))) throw cancelled();
}
