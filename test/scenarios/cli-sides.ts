import { run } from "../../src/cli/run.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { RIGHTS } from "../../src/state/access-token.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";
import { type FakeContext, fakeContext } from "../unit/cli/fake-context.ts";
import { type RemoteAdmin, remoteAdmin } from "./remote-admin.ts";

const NOW = "2026-11-21T18:50:00Z";

export interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line over a store, and over an admin with another store and the same configuration. Their clocks stand still. */
export interface CliSides {
  readonly admin: RemoteAdmin;
  readonly token: string;
  /** All output of the remote side. */
  readonly printed: readonly string[];
  direct(...line: string[]): Promise<Told>;
  remote(...line: string[]): Promise<Told>;
  close(): Promise<void>;
}

export async function cliSides(options: MaintenanceOptions): Promise<CliSides> {
  const clock = fakeContext({ cwd: "/", now: NOW }).clock;
  const admin = await remoteAdmin({ ...options, fleet: false, clock, random: () => 0 });
  // The name of the direct side's user, so that both histories have the same one.
  const token = await admin.createToken({ name: "ada" });
  const here: CliInProcess = cliInProcess();
  here.members = `${JSON.stringify(options).slice(1, -1)}, random: () => 0`;
  await here.start(["token", "create", "--name", "ada", "--may", RIGHTS.join(",")], { now: NOW });
  const printed: string[] = [];
  const told = ({ written }: FakeContext, code: number): Told => ({ code, ...written });
  return {
    admin,
    token,
    printed,
    async direct(...line) {
      const context = await here.start(line, { now: NOW, isInteractive: false });
      return told(context, context.code);
    },
    async remote(...line) {
      // Runs without a configuration and without a store.
      const env = { MAINTENANCE_URL: admin.url, MAINTENANCE_TOKEN: token };
      const context = fakeContext({ cwd: "/", now: NOW, isInteractive: false, env });
      const code = await run(context, line);
      printed.push(context.written.stdout, context.written.stderr);
      return told(context, code);
    },
    async close() {
      await admin.close();
      here.remove();
    },
  };
}

/**
 * Replaces what always differs between two stores: their location, the configuration's name, generated ids and tokens, and the kind of
 * access.
 */
export function comparable({ code, stdout, stderr }: Told): object {
  const common = (text: string): string =>
    text
      .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{22}/g, "LINEAGE")
      .replace(/file \S+state\.json/g, "STORE")
      .replace(/"url":"http:[^"]*",|^Admin: .*\n/gm, "")
      .replace(/\((?:cli|admin|program)(?:, from \S+?)?\)/g, "(KIND)")
      .replace(/"kind":"(?:cli|admin|program)","label":"(\w+)"(?:,"from":"[^"]*")?/g, '"label":"$1"')
      .replace(/(?<=maintenance-mode) --config \S+/g, "")
      .replace(/maintenance-access=[\w-]{43}/g, "maintenance-access=TOKEN")
      .replace(/mm_[\w-]{43}/g, "mm_TOKEN")
      .replace(minted, "ID");
  // The ids of links and tokens.
  const minted = /(?<=revoke |"id":"|^|: |, )[\w-]{8}(?="|$| \(| {2}(?:shop|\*) )/gm;
  const compact = stdout.startsWith("{") ? JSON.stringify(JSON.parse(stdout)) : stdout;
  const text = common(compact);
  return { code, stdout: text.startsWith("{") ? JSON.parse(text) : text, stderr: common(stderr) };
}
