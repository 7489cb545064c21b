import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/run.ts";
import type { Store } from "../../../src/stores/store.ts";
import type { BarrierWorld } from "../../support/barrier-world.ts";
import { deferred } from "../../support/deferred.ts";
import { type FakeContext, type FakeContextOptions, fakeContext } from "./fake-context.ts";

const STORE = "store of the world of the CLI";

export interface Started {
  readonly context: FakeContext;
  readonly code: Promise<number>;
  /** Resolves when the command reads the state: until then, it loads its modules in real time. */
  readonly reads: Promise<void>;
}

export interface CliInWorld {
  start(line: readonly string[], options?: Omit<FakeContextOptions, "cwd">, store?: Store): Started;
  /** Advances the clock until the command has ended. */
  finish(started: Started): Promise<{ readonly code: number; readonly written: FakeContext["written"] }>;
  remove(): void;
}

/** Runs the command line inside this process, over the store and the clock of a world. */
export function cliInWorld(world: () => BarrierWorld): CliInWorld {
  const cwd = mkdtempSync(join(tmpdir(), "cli-world-"));
  writeFileSync(
    join(cwd, "maintenance.config.mjs"),
    `export default {
  get store() { return globalThis[Symbol.for("${STORE}")]; },
  sites: { shop: {}, blog: {} },
  groups: ["db"],
};`,
  );
  return {
    start(line, options = {}, store = world().store) {
      const { promise: reads, resolve } = deferred<void>();
      const kept: Store = {
        ...store,
        load(...given) {
          resolve();
          return store.load(...given);
        },
        // The command closes the store of its configuration.
        close: async () => {},
      };
      Object.assign(globalThis, { [Symbol.for(STORE)]: kept });
      const context = { ...fakeContext({ cwd, isInteractive: false, ...options }), clock: world().clock };
      return { context, code: run(context, line), reads };
    },
    async finish({ context: { written }, code, reads }) {
      let ended: number | null = null;
      void code.then((it) => {
        ended = it;
      });
      await Promise.race([code, reads]);
      for (let passed = 0; ended === null; passed += 1) {
        if (passed > 4_000) throw new Error(`The command did not end.\n${written.stdout}${written.stderr}`);
        await world().clock.advance(250);
      }
      return { code: ended, written };
    },
    remove: () => rmSync(cwd, { recursive: true }),
  };
}
