import type { CliContext } from "../../../src/cli/cli-context.ts";
import type { Prompts } from "../../../src/cli/input/prompts.ts";
import { systemClock } from "../../../src/clock.ts";

/** The context of a command line inside this process: keeps its output, and answers its questions from `answers`. */
export interface FakeContext extends CliContext {
  readonly written: { stdout: string; stderr: string };
  /** The questions that were asked. */
  readonly questions: string[];
}

export interface FakeContextOptions
  extends Partial<Pick<CliContext, "env" | "isInteractive" | "stopped" | "clock" | "startProgram" | "onSignal">> {
  readonly cwd: string;
  readonly isTTY?: boolean;
  /** RFC 3339. Default: a Saturday evening. */
  readonly now?: string;
  /** The piped input. */
  readonly input?: string;
  readonly answers?: readonly (string | boolean | readonly string[])[];
}

export function fakeContext({
  cwd,
  isTTY = false,
  now = "2026-11-21T18:50:00Z",
  input = "",
  answers = [],
  ...rest
}: FakeContextOptions): FakeContext {
  const written = { stdout: "", stderr: "" };
  const questions: string[] = [];
  const left = [...answers];
  const output = (name: "stdout" | "stderr") => ({
    isTTY,
    columns: 100,
    write(text: string) {
      written[name] += text;
    },
  });
  async function answer<Kind>(question: string, isKind: (value: unknown) => value is Kind): Promise<Kind> {
    questions.push(question);
    const given = left.shift();
    if (isKind(given)) return given;
    throw new Error(`No answer to: ${question}`);
  }
  const isString = (value: unknown): value is string => typeof value === "string";
  const prompts: Prompts = {
    confirm: (message) => answer(message, (value) => typeof value === "boolean"),
    async text(message, _placeholder, check) {
      for (;;) {
        const given = await answer(message, isString);
        const complaint = check?.(given);
        if (complaint === undefined) return given;
        questions.push(complaint);
      }
    },
    password: (message, check) => prompts.text(message, "", check),
    select: (message) => answer(message, isString),
    selectMany: (message) => answer(message, (value): value is readonly string[] => Array.isArray(value)),
  };
  return {
    env: {},
    isInteractive: true,
    cwd,
    written,
    questions,
    stdout: output("stdout"),
    stderr: output("stderr"),
    clock: { ...systemClock, now: () => Date.parse(now) },
    timeZone: "Europe/Berlin",
    by: { kind: "cli", label: "ada", from: "desk" },
    version: "1.2.3",
    loadPrompts: async () => prompts,
    readInput: async () => input,
    startProgram: () => Promise.reject(new Error("No program can be started.")),
    onSignal: () => () => {},
    stopped: () => new Promise(() => {}),
    ...rest,
  };
}
