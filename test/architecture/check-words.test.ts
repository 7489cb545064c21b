import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "./source-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "check-words-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script on a file with `text`, or without one on the repository. */
function check(text?: string): { readonly status: number | null; readonly findings: readonly string[] } {
  const files = text === undefined ? [] : [join(folder, "page.md")];
  for (const file of files) writeFileSync(file, text ?? "");
  const script = join(ROOT, "scripts/check-words.ts");
  const { status, stderr } = spawnSync(process.execPath, [script, ...files], { cwd: ROOT, encoding: "utf8" });
  const lines = stderr.replaceAll(`${folder}/`, "").split("\n");
  return { status, findings: lines.filter((line) => /:\d+: "/.test(line)) };
}

test.each([
  ["one\nThe store is mended.\n", 'page.md:2: "mended": fix, or repair'],
  ["Nobody gets in.", 'page.md:1: "Nobody": no caller, no user, another process'],
  ["The list of the user\nstands here.", 'page.md:2: "stands": is listed, is stored, is set, applies'],
  [
    "const a = 1;\n/**\n * What it does.\n */",
    "page.md:2: \"/** * What\": begin with a noun or a verb: 'The …', 'Returns …'",
  ],
  ["const LONGEST_NAME = 1;", 'page.md:1: "LONGEST_NAME": MAX_…, MIN_…, …_MS'],
])("refuses %j with its line and a plainer word", (text, finding) => {
  expect(check(text)).toEqual({ status: 1, findings: [finding] });
});

test("prints several findings in the order of their lines", () => {
  const { findings } = check("whoever\nBeware: whoever\nwhom");
  expect(findings.map((line) => line.split(":", 2).join(":"))).toEqual([
    "page.md:1",
    "page.md:2",
    "page.md:2",
    "page.md:3",
  ]);
});

test("accepts the usual senses of the same words", () => {
  const accepted = [
    "A closed site answers 503. `*` stands for all sites.",
    "Add a closing brace in order to end the block.",
    "/** Returns what the store holds. */",
    "at most 5, ALMOST_FULL",
  ];
  expect(check(accepted.join("\n"))).toEqual({ status: 0, findings: [] });
});

test("refuses no file of the repository", () => {
  expect(check()).toEqual({ status: 0, findings: [] });
});
