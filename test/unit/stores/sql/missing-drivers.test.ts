import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** The built package: a process that compiles the sources first takes twice as long. */
const STORES = fileURLToPath(new URL("../../../../dist/stores/", import.meta.url));

/** The missing packages are looked up from a folder that does not exist. */
const PROGRAM = `
  import { registerHooks } from "node:module";
  const [list, store, name, options] = process.argv.slice(1);
  const missing = list.split(",");
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, missing.includes(specifier.split("/")[0]) ? { ...context, parentURL: "file:///nowhere/at/all.js" } : context),
  });
  const { [name]: open } = await import(store);
  try {
    await open(JSON.parse(options)).load();
  } catch (error) {
    process.stdout.write(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
  }
`;

test.each([
  ["pg", "postgres", "postgresStore", { url: "postgres://127.0.0.1:1/app" }],
  ["mysql2", "mysql", "mysqlStore", { url: "mysql://127.0.0.1:1/app" }],
  ["better-sqlite3", "sqlite", "sqliteStore", { driver: "better-sqlite3", path: "/proc/version" }],
  ["kysely", "sqlite", "sqliteStore", { path: "/proc/version" }],
])("without %s, %sStore says what to install", async (missing, file, name, options) => {
  const args = [
    "--input-type=module",
    "--eval",
    PROGRAM,
    missing,
    `${STORES}${file}.js`,
    name,
    JSON.stringify(options),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual({
    code: "ERR_DRIVER_MISSING",
    message: expect.stringMatching(new RegExp(`needs the package '${missing}'\\.$`)),
    hint: `Run: npm install ${missing}`,
  });
});

test.each([
  ["pg", "postgres", "postgresStore", { url: "postgres://127.0.0.1:1/app" }],
  ["mysql2", "mysql", "mysqlStore", { url: "mysql://127.0.0.1:1/app" }],
  ["better-sqlite3", "sqlite", "sqliteStore", { driver: "better-sqlite3", path: "/proc/version" }],
])("without kysely and %s, the error names both at once", async (driver, file, name, options) => {
  const args = ["--input-type=module", "--eval", PROGRAM];
  const line = [`kysely,${driver}`, `${STORES}${file}.js`, name, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...line]);
  expect(JSON.parse(stdout)).toEqual({
    code: "ERR_DRIVER_MISSING",
    message: expect.stringContaining(`needs the packages 'kysely' and '${driver}'.`),
    hint: `Run: npm install kysely ${driver}`,
  });
});
