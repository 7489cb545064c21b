import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliProject, createCliProject } from "./cli-project.ts";

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

describe("on the command line", () => {
  test("an error goes to stderr with the invalid value and the fix, and nothing is written", async () => {
    const { code, stdout, stderr } = await project.run("on", "--mesage", "x");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe("Error: Unknown option '--mesage'. [ERR_INVALID_COMMAND]\nDid you mean '--message'?\n");
    expect(existsSync(project.stateFile)).toBe(false);
  });

  test("with --json an error is one line of JSON on stderr", async () => {
    const { code, stdout, stderr } = await project.run("on", "shp", "--json");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "ERR_UNKNOWN_SITE", message: "There is no site 'shp'.", hint: "Did you mean 'shop'?" },
    });
    expect(JSON.parse((await project.run("--json", "onn")).stderr)).toMatchObject({
      error: { code: "ERR_INVALID_COMMAND", hint: "Did you mean 'on'?" },
    });
  });
});

describe("in the configuration file", () => {
  test("a store that never answers is an error", async () => {
    const members = "name: 'a store of one\\'s own', capabilities: {}, close: async () => {}";
    const never = ["load", "commit", "changesSince", "history"].map((call) => `${call}: () => new Promise(() => {})`);
    project.put("a.mjs", `export default { sites: { shop: {} }, store: { ${members}, ${never.join(", ")} } };`);
    const { code, stdout, stderr } = await project.run("--config", "a.mjs", "on", "shop");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("did not answer");
  });

  test.each([
    ["a.mjs", "throw new Error('no such host');", "it throws Error: no such host (line 1)", "Fix it there."],
    ["b.mjs", "\nexport default {;", "it has a syntax error: ", "b.mjs` shows where"],
    ["c.ts", "enum A { B }\nexport default {};", "it has a syntax error: ", "TypeScript syntax that can be erased"],
    ["d.mjs", "export const options = {};", "no default export, and exports only 'options'", "export default"],
    ["e.json", "{ nope", "it is not JSON", "Fix it there."],
    ["f.json", "[]", "gives a list, not an object", "export default"],
    [
      "g.json",
      '{ "sties": {} }',
      "the configuration: unknown member 'sties'. [ERR_INVALID_OPTION]",
      "Did you mean 'sites'?",
    ],
    ["h.json", '{ "exempt": { "addresses": ["10.1"] } }', "exempt.addresses[0]", "[ERR_INVALID_ADDRESS]"],
    ["i.mjs", "import 'no-such-package'; export default {};", "no-such-package", "npm install"],
  ])("%s", async (name, text, message, hint) => {
    const path = project.put(name, text);
    const { code, stdout, stderr } = await project.run("status", "--config", name);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(path);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test("a named file that does not exist", async () => {
    const { code, stderr } = await project.run("status", "--config", "none.ts");
    expect(code).toBe(1);
    expect(stderr).toContain("none.ts'. [ERR_CONFIG_FILE]\nCheck the path after --config");
  });
});

describe("in the state file", () => {
  test.each([
    ["garbage", "<<<<<<< HEAD", "ERR_STATE_UNREADABLE"],
    ["truncated", '{ "format": 1, "version": 3, "sites": { "sh', "ERR_STATE_UNREADABLE"],
    ["of another shape", '{ "sites": { "shop": { "mode": "shut" } } }', "ERR_STATE_UNREADABLE"],
    ["too new", '{ "format": 99, "sites": {} }', "ERR_STATE_TOO_NEW"],
  ])("%s is refused by name, and the file is kept", async (_, text, code) => {
    project.put(".maintenance/state.json", text);
    for (const line of [["status"], ["on"], ["off"]]) {
      const { code: exitCode, stderr } = await project.run(...line);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(code);
      expect(stderr).toMatch(/state\.json|'shop'/);
    }
    const doctor = await project.run("doctor");
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("✗ error  stored state: ");
    expect(readFileSync(project.stateFile, "utf8")).toBe(text);
  });

  test("a file in place of its folder", async () => {
    project.put(".maintenance", "a file in the place of the folder");
    const { code, stderr } = await project.run("on");
    expect(code).toBe(1);
    expect(stderr).toContain("ERR_STORE_UNAVAILABLE");
    const doctor = await project.run("doctor");
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("✗ error  writing: Cannot write the state file");
  });
});
