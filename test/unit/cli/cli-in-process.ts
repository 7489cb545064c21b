import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/run.ts";
import { type FakeContext, type FakeContextOptions, fakeContext } from "./fake-context.ts";

const FILE_STORE = new URL("../../../src/stores/file.ts", import.meta.url).pathname;

export interface CliInProcess {
  readonly stateFile: string;
  /** The configuration file without the store. */
  members: string;
  start(
    line: readonly string[],
    options?: Omit<FakeContextOptions, "cwd">,
  ): Promise<FakeContext & { readonly code: number }>;
  remove(): void;
}

/** The command line without a process, in a folder of its own. */
export function cliInProcess(): CliInProcess {
  const cwd = mkdtempSync(join(tmpdir(), "cli-run-"));
  const stateFile = join(cwd, "state.json");
  let files = 0;
  const cli: CliInProcess = {
    stateFile,
    members: 'sites: { shop: { hosts: ["shop.example"] } }',
    async start(line, options = {}) {
      // Named anew each time: a module is read once in a process, and this is many runs in one.
      files += 1;
      const file = join(cwd, `config-${files}.mjs`);
      const store = `fileStore({ path: ${JSON.stringify(stateFile)} })`;
      const text = `import { fileStore } from ${JSON.stringify(FILE_STORE)};\nexport default { store: ${store}, ${cli.members} };`;
      writeFileSync(file, text);
      const context = fakeContext({ cwd, ...options });
      return { ...context, code: await run(context, ["--config", file, ...line]) };
    },
    remove: () => rmSync(cwd, { recursive: true }),
  };
  return cli;
}
