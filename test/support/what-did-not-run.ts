import type { Reporter, TestModule, Vitest } from "vitest/node";
import { SLOW_KINDS } from "./test-kinds.ts";

/** Reports at the end of a run which tests did not run: the kinds that have their own script, and tests whose service is missing. */
export default class WhatDidNotRun implements Reporter {
  #left: readonly string[] = [];

  onInit(vitest: Vitest): void {
    const selected = new Set(vitest.projects.map(({ name }) => name));
    // A run of a single kind leaves out the others on purpose.
    if (!selected.has("unit")) return;
    this.#left = SLOW_KINDS.filter(({ name }) => !selected.has(name)).map(
      ({ title, script }) => `${title} (npm run ${script})`,
    );
  }

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
    if (this.#left.length > 0) process.stdout.write(`\nNot run: ${this.#left.join(", ")}; all: npm run test:all\n`);
  }
}
