import { MaintenanceError } from "../../errors.ts";
import type { Session } from "../session.ts";

/** Questions to the user. Each method rejects with `ERR_INVALID_COMMAND` if the user cancels. */
export interface Prompts {
  confirm(message: string): Promise<boolean>;
  /** `check` returns the fault of an answer. An empty answer is an empty string. */
  text(message: string, placeholder: string, check?: (answer: string) => string | undefined): Promise<string>;
  /** Does not show what is typed. */
  password(message: string, check: (answer: string) => string | undefined): Promise<string>;
  select(message: string, choices: readonly Choice[]): Promise<string>;
  selectMany(message: string, choices: readonly Choice[]): Promise<readonly string[]>;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The user declined a question. */
export function cancelled(): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_COMMAND", "Cancelled: nothing was changed.", {
    hint: "Run the command again when you are ready.",
  });
}

/** Returns the prompts. Throws `ERR_INVALID_COMMAND` without an interactive terminal. */
export async function requirePrompts({ context }: Session): Promise<Prompts> {
  if (context.isInteractive) return await context.loadPrompts();
  throw new MaintenanceError("ERR_INVALID_COMMAND", "--interactive needs a terminal.", {
    hint: "Give the sites and options on the command line instead.",
  });
}

/** Throws `ERR_INVALID_COMMAND` unless the answer is yes. */
export async function confirm({ context }: Session, question: string): Promise<void> {
  const prompts = await context.loadPrompts();
  if (!(await prompts.confirm(question))) throw cancelled();
}
