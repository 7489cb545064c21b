import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/cli/run.ts";
import { normalizeOptions } from "../../../src/config/normalize-options.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { type FakeContext, type FakeContextOptions, fakeContext } from "./fake-context.ts";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "cli-context-"));
  writeFileSync(join(cwd, "package.json"), "{}");
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function start(
  line: readonly string[],
  options: Partial<FakeContextOptions> = {},
): Promise<FakeContext & { readonly code: number }> {
  const context = fakeContext({ cwd, isInteractive: false, ...options });
  return { ...context, code: await run(context, line) };
}

test("explain reads the override from the environment of the context", async () => {
  const { written } = await start(["explain", "/"], { env: { MAINTENANCE_MODE: "on" } });
  expect(written.stdout).toMatch(/^Blocked: an override/);
});

test("the default store is in the project of the context's folder", async () => {
  expect(await start(["on"])).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, ".maintenance/state.json"))).toBe(true);
  const copied = await start(["copy", "--from", "maintenance.config.json", "--to", "file:copy.json"]);
  expect(copied.written.stderr).toContain("There is no configuration file");
  writeFileSync(join(cwd, "maintenance.config.json"), "{}");
  expect(await start(["copy", "--from", "maintenance.config.json", "--to", "file:copy.json"])).toMatchObject({
    code: 0,
  });
});

test("serve ends when the context says so", async () => {
  const { code, written } = await start(["serve", "--port", "0"], { stopped: async () => "SIGTERM" });
  expect([code, written.stdout]).toEqual([0, expect.stringContaining("Stopped.")]);
});

test("a configuration that was compiled to CommonJS keeps its store", async () => {
  const file = JSON.stringify(new URL("../../../src/stores/file.ts", import.meta.url).href);
  writeFileSync(
    join(cwd, "maintenance.config.mjs"),
    `import { fileStore } from ${file};\nexport default { default: { store: fileStore({ path: ${JSON.stringify(join(cwd, "own.json"))} }) } };`,
  );
  expect(await start(["on"])).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, "own.json"))).toBe(true);
});

test.each([
  [["on", "shop"]],
  [["off"]],
  [["status"]],
  [["explain", "/"]],
  [["preview", "shop", "--type", "text"]],
  [["doctor"]],
  [["serve", "--port", "0"]],
  [["serve", "--port", "0", "--trust-proxy", "1"]],
])("%j normalises the configuration once", async (line) => {
  let reads = 0;
  const options = {
    sites: { shop: { hosts: ["shop.example"] } },
    store: memoryStore(),
    template: () => "<p>Back at nine</p>",
    get statusCode() {
      reads += 1;
      return 503;
    },
  };
  normalizeOptions(options, {});
  const once = reads;
  reads = 0;
  Object.assign(globalThis, { countedOptions: options });
  writeFileSync(join(cwd, "maintenance.config.mjs"), "export default globalThis.countedOptions;");
  await start(line, { stopped: async () => "SIGTERM" });
  Reflect.deleteProperty(globalThis, "countedOptions");
  expect([reads, once]).toEqual([once, 2]);
});
