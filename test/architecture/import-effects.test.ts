import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { ROOT, readSourceTree } from "./source-tree.ts";

/** Prints the traces that a module could leave, before and after the imports. */
const PROBE = `
  const traces = () => ({
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    listeners: process.eventNames().map(String).sort(),
    // The connection that this output goes through, and nothing else: no timer, no server, no watcher.
    resources: process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap"),
  });
  const before = traces();
  for (const path of JSON.parse(process.argv[1])) await import(path);
  await new Promise(setImmediate);
  process.stdout.write(JSON.stringify([before, traces()]));
`;

test("importing all of src/ leaves no global, listener, timer or handle behind", () => {
  const paths = readSourceTree("src")
    .filter((file) => file.path !== "cli/bin.ts")
    .map((file) => `${ROOT}src/${file.path}`);
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", PROBE, JSON.stringify(paths)], {
    encoding: "utf8",
    cwd: ROOT,
  });
  const [before, after]: readonly unknown[] = JSON.parse(printed);
  expect(after).toEqual(before);
});
