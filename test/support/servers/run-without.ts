import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs a Node program as if `packages` were not installed, and returns its stdout. They are looked up from a folder that does not exist.
 */
export async function runWithout(packages: readonly string[], args: readonly string[]): Promise<string> {
  const hook = `
    import { registerHooks } from "node:module";
    const missing = ${JSON.stringify(packages)};
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, missing.includes(specifier) ? { ...context, parentURL: "file:///nowhere/at/all.js" } : context),
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    `data:text/javascript,${encodeURIComponent(hook)}`,
    ...args,
  ]);
  return stdout;
}

/** Returns the arguments for Node to run a program that opens a store and prints the error of `load`. */
export function printRefusal(file: URL, name: string, options: object): readonly string[] {
  const program = `
    import { ${name} } from ${JSON.stringify(file)};
    const { code, message, hint } = await ${name}(${JSON.stringify(options)}).load().catch((error) => error);
    process.stdout.write(JSON.stringify({ code, message, hint }));`;
  return ["--input-type=module", "--eval", program];
}
