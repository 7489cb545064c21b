import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program as if `packages` were not installed: nothing is found that is looked for from there. */
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

/** The program that opens a store and prints what `load` rejects with. */
export function printRefusal(file: URL, name: string, options: object): readonly string[] {
  const program = `
    import { ${name} } from ${JSON.stringify(file)};
    const { code, message, hint } = await ${name}(${JSON.stringify(options)}).load().catch((error) => error);
    process.stdout.write(JSON.stringify({ code, message, hint }));`;
  return ["--input-type=module", "--eval", program];
}
