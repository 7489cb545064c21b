import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { requireService } from "../support/require-service.ts";
import { BUN, DENO, INSTALL_RUNTIMES, makeApps, removePackage, startApp } from "./runtime.ts";

const run = promisify(execFile);

afterAll(removePackage);

for (const runtime of [BUN, DENO]) {
  requireService(
    runtime.name,
    INSTALL_RUNTIMES,
    runtime.binary !== null,
  )(`code for Node, on ${runtime.name}`, () => {
    async function runIn(folder: string, script: string, ...words: readonly string[]): Promise<string> {
      const env = { ...process.env, NO_COLOR: "1" };
      return (await run(runtime.binary ?? "", [...runtime.args(script), ...words], { cwd: folder, env })).stdout;
    }

    test.each([
      ["inside", ""],
      ["with the guard in front", "1"],
    ])("Express, %s, follows the command line through the default file store", async (_place, GUARD) => {
      const folder = makeApps();
      const site = await startApp(runtime, "express.ts", { GUARD }, folder);
      const answer = async () => {
        const response = await fetch(site.url);
        return [response.status, response.headers.get("Maintenance"), await response.text()];
      };
      const becomes = (...expected: readonly unknown[]) => expect.poll(answer, { timeout: 20_000 }).toEqual(expected);
      try {
        await becomes(200, null, "closed: false");
        expect(await runIn(folder, "cli.ts", "on", "--yes", "--message", "Back at nine")).toContain("Back at nine");
        await becomes(503, 'closed;site="*";version=1', expect.stringContaining("Back at nine"));
        expect(await runIn(folder, "cli.ts", "off")).toContain("open now");
        await becomes(200, null, "closed: false");
      } finally {
        await site.stop();
      }
    });

    test("SQLite keeps the state", async () => {
      expect(await runIn(makeApps(), "sqlite.ts")).toBe("2 1\n");
    });
  });
}
