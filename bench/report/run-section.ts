import type { Section } from "./row.ts";

export interface SectionOptions {
  /** Fewer and shorter rounds, to check that everything runs. The figures are rough. */
  readonly quick: boolean;
  /** Measures only this store; `null` for each that can be started on this machine. */
  readonly store: string | null;
}

const STORE = "--store=";

/** The last call of each file in `sections/`, which is a program that writes its section as JSON. */
export async function runSection(section: (options: SectionOptions) => Promise<Section>): Promise<void> {
  const store = process.argv.find((argument) => argument.startsWith(STORE))?.slice(STORE.length) ?? null;
  const result = await section({ quick: process.argv.includes("--quick"), store });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
