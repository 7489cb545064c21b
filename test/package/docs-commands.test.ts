import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { systemClock } from "../../src/clock.ts";
import { blocksIn } from "./docs-pages.ts";

const PROGRAM = "npx maintenance-mode ";
const lines = blocksIn("sh", "bash", "shell", "console").flatMap(({ code, place }) =>
  code
    .split("\n")
    .map((line) => line.replace(/^\$ /, ""))
    .filter((line) => line.startsWith(PROGRAM))
    .map((line) => ({ line, place })),
);

describe("a shell command in the docs", () => {
  test.each(lines)("$line ($place) has a valid command and options", async ({ line }) => {
    const [performed, written] = await parse(wordsOf(line.slice(PROGRAM.length)));
    // A request for help performs no command but writes output.
    expect(performed.length + written.length).toBeGreaterThan(0);
  });
});

/** Returns the command that the line would execute and its output. Throws the error of the command line. */
async function parse(argv: readonly string[]): Promise<[performed: readonly string[], written: readonly string[]]> {
  const performed: string[] = [];
  const written: string[] = [];
  const output = { isTTY: false, columns: 100, write: (text: string) => void written.push(text) };
  const context = {
    env: {},
    cwd: "/",
    stdout: output,
    stderr: output,
    isInteractive: false,
    clock: systemClock,
    timeZone: "UTC",
    by: { kind: "cli", label: "docs" },
    version: "0.0.0",
    loadPrompts: () => Promise.reject(new Error("There is no user to ask.")),
    readInput: () => Promise.reject(new Error("Nothing is piped in.")),
    startProgram: () => Promise.reject(new Error("No program can be started.")),
    onSignal: () => () => {},
    stopped: () => new Promise<string>(() => {}),
  } as const;
  const program = await createProgram(context, async (command: Command) => void performed.push(command.name()), argv);
  await program.parseAsync([...argv], { from: "user" });
  return [performed, written];
}

/** Splits a line as a shell does, up to a comment or an operator. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
  const end = words.findIndex((word) => ["#", "&&", "||", ";", "|", ">"].includes(word));
  return end === -1 ? words : words.slice(0, end);
}
