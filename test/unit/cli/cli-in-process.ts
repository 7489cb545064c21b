import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/run.ts";
import { type FakeContext, type FakeContextOptions, fakeContext } from "./fake-context.ts";

const FILE_STORE = new URL("../../../src/stores/file.ts", import.meta.url).pathname;

export interface CliInProcess {
  readonly stateFile: string;
  /** The members of the configuration file besides the store. */
  members: string;
  start(
    line: readonly string[],
    options?: Omit<FakeContextOptions, "cwd">,
  ): Promise<FakeContext & { readonly code: number }>;
  remove(): void;
}

/** Runs the command line inside this process, in a temporary folder. */
export function cliInProcess(): CliInProcess {
  const cwd = mkdtempSync(join(tmpdir(), "cli-run-"));
  const stateFile = join(cwd, "state.json");
  let files = 0;
  const cli: CliInProcess = {
    stateFile,
    members: 'sites: { shop: { hosts: ["shop.example"] } }',
    async start(line, options = {}) {
      // Each run gets a new file name, because a process loads a module only once.
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
