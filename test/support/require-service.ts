import { describe, test } from "vitest";

/** Defines a suite, as `describe` does. */
export type Suite = (title: string, body: () => void) => void;

/**
 * Returns the `describe` for tests that need a service which may not be installed. If it is missing, the tests are skipped, and the title
 * names the service and the command that installs it. With REQUIRE_SERVICES=1 in the environment, each such suite fails instead.
 */
export function requireService(name: string, install: string, available: boolean): Suite {
  if (available) return (title, body) => void describe(title, body);
  const missing = `${name} is missing; install it with: ${install}`;
  if (process.env.REQUIRE_SERVICES === "1") {
    return (title) =>
      test(title, () => {
        throw new Error(missing);
      });
  }
  return (title, body) => {
    process.stderr.write(`Skipped: ${title} (${missing})\n`);
    describe.skipIf(true)(`${title} (${missing})`, body);
  };
}
