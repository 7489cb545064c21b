import { MaintenanceError } from "../../errors.ts";
import type { Session } from "../session.ts";

/** How a person is asked. Each rejects with `ERR_INVALID_COMMAND` when they would rather not answer. */
export interface Prompts {
  confirm(message: string): Promise<boolean>;
  /** `check` gives what is wrong with the answer. An empty answer is an empty string. */
  text(message: string, placeholder: string, check?: (answer: string) => string | undefined): Promise<string>;
  /** Shows nothing of what is typed. */
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
    hint: "Run it again when you are ready.",
  });
}

/** Returns the prompts. Throws `ERR_INVALID_COMMAND` without an interactive terminal. */
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
