import type { Section } from "./row.ts";

export interface SectionOptions {
  /** Fewer and shorter rounds: does everything still run? Its figures are rough. */
  readonly quick: boolean;
}

/** What each file in `sections/` ends with: it is a program that writes its section as JSON. */
export async function runSection(section: (options: SectionOptions) => Promise<Section>): Promise<void> {
  const result = await section({ quick: process.argv.includes("--quick") });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
