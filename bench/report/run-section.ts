import type { Section } from "./row.ts";

export interface SectionOptions {
  /** Fewer and shorter rounds, to check that everything runs. The figures are rough. */
  readonly quick: boolean;
  /** Measures only this store; `null` for each that can be started on this machine. */
  readonly store: string | null;
  /** The number of flips per store; `null` for the usual number. */
  readonly flips: number | null;
}

const STORE = "--store=";
const FLIPS = "--flips=";

/** The last call of each file in `sections/`, which is a program that writes its section as JSON. */
export async function runSection(section: (options: SectionOptions) => Promise<Section>): Promise<void> {
  const textOf = (option: string): string | null =>
    process.argv.find((argument) => argument.startsWith(option))?.slice(option.length) ?? null;
  const flips = textOf(FLIPS);
  const quick = process.argv.includes("--quick");
  const result = await section({ quick, store: textOf(STORE), flips: flips === null ? null : Number(flips) });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
