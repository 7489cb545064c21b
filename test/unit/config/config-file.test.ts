import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfigFile } from "../../../src/config/config-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-file-"));
  put("project/package.json", '{ "type": "module" }');
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const load = (path?: string) => loadConfigFile(join(folder, "project/src/deep"), join(folder, "project"), path);

test("a missing file is not an error", async () => {
  expect(await load()).toBeNull();
});

test("finds the nearest file upwards, within the project", async () => {
  put("maintenance.config.json", '{ "override": "off" }');
  expect(await load()).toBeNull();
  const path = put("project/maintenance.config.json", '{ "override": "on" }');
  expect(await load()).toEqual({ path, options: { override: "on" } });
});

test.each([
  ["maintenance.config.ts", "const override: string = 'on';\nexport default { override };"],
  ["maintenance.config.mts", "export default { override: 'on' as const };"],
  ["maintenance.config.js", "export default { override: 'on' };"],
  ["maintenance.config.mjs", "export default { override: 'on' };"],
])("reads %s", async (name, text) => {
  const path = put(`project/${name}`, text);
  expect(await load()).toEqual({ path, options: { override: "on" } });
});

test("reads the given file, relative to the working directory", async () => {
  const path = put("project/other.json", "{}");
  expect(await load("../../other.json")).toEqual({ path, options: {} });
  expect(await load(path)).toEqual({ path, options: {} });
});

test.each([
  ["missing.ts", null, "There is no configuration file '", "--config"],
  ["a.json", "{ nope", "it is not JSON: ", "Fix it"],
  ["b.json", "[]", "gives a list, not an object", "export default"],
  ["c.mjs", "export const config = {};", "it has no default export, and exports only 'config'", "export default"],
  ["d.mjs", "", "exports nothing", "export default"],
  ["e.mjs", "export default () => ({});", "gives a function, not an object", "export default"],
  ["f.mjs", "export default undefined;", "gives undefined, not an object", "export default"],
  ["g.mjs", "\n\nthrow new TypeError('no such database');", "it throws TypeError: no such database (line 3)", "Fix it"],
  ["h.mjs", "throw 'plain';", "it throws a value: plain", "Fix it"],
  ["i.mjs", "import 'no-such-package'; export default {};", "no-such-package", "npm install"],
  [
    "j.mjs",
    "throw Object.assign(new Error('bad path'), { code: 'ERR_INVALID_OPTION', hint: 'Name a file.' });",
    "it throws Error: bad path",
    "Name a file.",
  ],
])("reports %s", async (name, text, message, hint) => {
  const path = text === null ? join(folder, name) : put(name, text);
  await expect(load(path)).rejects.toMatchObject({
    code: "ERR_CONFIG_FILE",
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
  await expect(load(path)).rejects.toThrow(path);
});
