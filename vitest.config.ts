import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    // A busy machine makes a condition late, not false.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
    // Most tests wait for servers and processes: a core that vitest leaves free by default would be idle.
    maxWorkers: "100%",
    reporters: ["default", "./test/support/skipped-services-reporter.ts"],
  },
});
