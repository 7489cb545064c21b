import type { Output } from "../cli-context.ts";

/** Shows lines that change: one block on a terminal, else a new line for each change of the first. */
export interface LiveBlock {
  show(lines: readonly string[]): void;
  /** Removes the block. */
  clear(): void;
}

export function liveBlock(output: Output): LiveBlock {
  let height = 0;
  let last = "";
  const clear = (): void => {
    if (height > 0) output.write(`\u001B[${height}A\u001B[0J`);
    height = 0;
  };
  if (!output.isTTY) {
    return {
      show([first = ""]) {
        if (first === last) return;
        last = first;
        output.write(`${first}\n`);
      },
      clear() {},
    };
  }
  return {
    clear,
    show(lines) {
      const width = Math.max(20, (output.columns ?? 80) - 1);
      const shown = lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
      const text = shown.join("\n");
      if (text === last && height > 0) return;
      clear();
      last = text;
      height = shown.length;
      output.write(`${text}\n`);
    },
  };
}
