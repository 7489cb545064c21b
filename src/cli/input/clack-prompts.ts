import type { Readable, Writable } from "node:stream";
import { confirm, isCancel, multiselect, password, select, text } from "@clack/prompts";
import { cancelled, type Prompts } from "./prompts.ts";

/** Returns prompts on a terminal. `output` is not stdout, so that results can be piped. */
export function clackPrompts(input: Readable, output: Writable): Prompts {
  const common = { input, output };
  return {
    confirm: async (message) => answered<boolean>(await confirm({ ...common, message, initialValue: false })),
    text: async (message, placeholder, check) =>
      // An empty answer may be `undefined`.
      answered<string | undefined>(
        await text({ ...common, message, placeholder, validate: (answer) => check?.(answer ?? "") }),
      ) ?? "",
    password: async (message, check) =>
      answered<string>(await password({ ...common, message, validate: (answer) => check(answer ?? "") })),
    select: async (message, choices) => answered<string>(await select({ ...common, message, options: [...choices] })),
    selectMany: async (message, choices) =>
      answered<readonly string[]>(await multiselect({ ...common, message, options: [...choices], required: true })),
  };
}

function answered<Answer>(answer: Answer | symbol): Answer {
  if (isCancel(answer) || typeof answer === "symbol") throw cancelled();
  return answer;
}
