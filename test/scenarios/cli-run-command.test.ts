import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BIN, type CliProject, createCliProject } from "./cli-project.ts";

const STORE = new URL("../../dist/stores/memory.js", import.meta.url).href;

let project: CliProject;

beforeAll(() => {
  project = createCliProject({
    "maintenance.config.mjs": `import { memoryStore } from ${JSON.stringify(STORE)};
export default { store: memoryStore(), sites: { shop: { hosts: ["shop.example"] } } };`,
    "not-executable": "echo no",
    "show.js": `console.log(process.env.MAINTENANCE_SITE, /^[\\w-]+:1$/.test(process.env.MAINTENANCE_FENCE ?? ""));
process.exit(3);`,
    "wait.js": `process.once("SIGTERM", () => process.exit(9));
setInterval(() => {}, 1_000);
console.log("ready");`,
  });
});
afterAll(() => project.remove());

test("the command has the site and the fence, its stdout, and its exit code is that of `run`", async () => {
  const { code, stdout, stderr } = await project.spawn("run", "shop", "--", process.execPath, "show.js");
  expect({ code, stdout }).toEqual({ code: 3, stdout: "shop true\n" });
  expect(stderr).toContain("The command has ended with 3.");
});

test.each([
  ["no-such-program", 127],
  ["./not-executable", 126],
])("%s is %d, as in a shell", async (program, expected) => {
  const { code, stderr } = await project.spawn("run", "shop", "--", program);
  expect(code).toBe(expected);
  expect(stderr).toContain("Restored as found: shop.");
});

test("a signal is passed on to the command", async () => {
  const line = [BIN, "run", "shop", "--", process.execPath, "wait.js"];
  const child = spawn(process.execPath, line, { cwd: project.folder, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect((await ended)[0]).toBe(9);
});
