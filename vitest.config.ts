import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { SLOW_KINDS } from "./test/support/test-kinds.ts";

const include = (...folders: readonly string[]): string[] => folders.map((folder) => `${folder}/**/*.test.ts`);

const UNIT = ["test/unit", "test/architecture"];

export default defineConfig({
  // `imports` of package.json lead to the sources too.
  ssr: { resolve: { conditions: ["source", ...defaultServerConditions] } },
  test: {
    // Most tests wait for servers and processes: a core that vitest leaves free by default would be idle.
    maxWorkers: "100%",
    reporters: ["default", "./test/support/what-did-not-run.ts"],
    globalSetup: ["./test/support/servers/server-templates.ts"],
    projects: [
      // The slowest of them, which compare with a reference at random, take 2 s, and 5 s on a busy machine.
      { extends: true, test: { name: "unit", include: include(...UNIT), isolate: false, testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: "scenarios",
          include: ["test/**/*.test.ts"],
          exclude: include(...UNIT, ...SLOW_KINDS.map(({ folder }) => folder)),
        },
      },
      ...SLOW_KINDS.map(({ name, folder }) => ({ extends: true as const, test: { name, include: include(folder) } })),
    ],
    testTimeout: 120_000,
    // A busy machine makes a condition late, not false.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
  },
});
