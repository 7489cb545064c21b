import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "../../../src/cli/program.ts";
import { run } from "../../../src/cli/run.ts";
import { fakeContext } from "./fake-context.ts";

const DOCUMENT = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");

const program = await createProgram(fakeContext({ cwd: "/" }), async () => {}, []);

function commandsOf(command: Command, path = ""): [path: string, command: Command][] {
  const name = path === "" ? [] : [[path, command] as [string, Command]];
  return [...name, ...command.commands.flatMap((child) => commandsOf(child, `${path} ${child.name()}`.trim()))];
}

const COMMANDS = commandsOf(program);

/** Returns the section of docs/cli.md about a command, from its heading to the next. */
function sectionOf(path: string): string {
  const start = DOCUMENT.indexOf(`## \`${path.split(" ")[0]}`);
  const end = DOCUMENT.indexOf("\n## ", start + 1);
  return start === -1 ? "" : DOCUMENT.slice(start, end === -1 ? undefined : end);
}

test.each(COMMANDS)("%s --help has a description, its options and examples that name it", async (path, command) => {
  const context = fakeContext({ cwd: "/" });
  expect(await run(context, [...path.split(" "), "--help"])).toBe(0);
  expect(context.written.stdout).toContain(command.description().slice(0, 20));
  expect(context.written.stdout).toContain("Global Options:");
  expect(context.written.stdout).toMatch(new RegExp(`Examples:\n  # .+\n  maintenance-mode ${path}`));
});

test.each(COMMANDS)("every option of %s is in docs/cli.md", (path, command) => {
  const section = sectionOf(path);
  expect(section).not.toBe("");
  if (path.includes(" ")) expect(section).toContain(`\`${path}`);
  const missing = command.options.flatMap(({ long }) => (long && !section.includes(`\`${long}`) ? [long] : []));
  expect(missing).toEqual([]);
});

test("docs/cli.md has the options of every command, and every example can be parsed", () => {
  for (const { long } of program.options) expect(DOCUMENT).toContain(`\`${long}`);
  const known = new Set(
    [...program.options, ...COMMANDS.flatMap(([, command]) => command.options)].map(({ long }) => long),
  );
  const used = [...DOCUMENT.matchAll(/ (--[a-z-]+)/g)].flatMap(([, option]) => option ?? []);
  expect(used.filter((option) => option !== "--help" && !known.has(option))).toEqual([]);
});

test("without a command, the help is printed as an error", async () => {
  const context = fakeContext({ cwd: "/" });
  expect(await run(context, [])).toBe(1);
  expect(context.written.stderr).toContain("Usage: maintenance-mode");
});
