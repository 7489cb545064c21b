import type { Reporter, TestModule } from "vitest/node";

/** Says at the end of a run, where nobody overlooks it, which tests were not run and what would install what they need. */
export default class SkippedServicesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const missing = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const service =
          /\((.+ is missing; install it with: .+)\)/.exec(test.fullName)?.[1] ?? `'${test.fullName}' is skipped`;
        missing.set(service, (missing.get(service) ?? 0) + 1);
      }
    }
    for (const [service, count] of missing) process.stdout.write(`\nNOT RUN: ${count} tests. ${service}\n`);
  }
}
