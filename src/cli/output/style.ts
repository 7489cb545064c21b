import { styleText } from "node:util";
import type { Mode } from "../../state/mode.ts";
import type { Output } from "../cli-context.ts";

/** Emphasis on a terminal. It never carries information alone. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  mode(mode: Mode, text: string): string;
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

const MODE_FORMATS: Readonly<Record<Mode, Format>> = {
  open: "green",
  "read-only": "blue",
  paused: "magenta",
  closed: "yellow",
};

/** Returns a style with colour only on a terminal, and not if NO_COLOR (no-color.org) is set. */
export function createStyle({ isTTY }: Output, env: Readonly<Record<string, string | undefined>>): Style {
  const colored = isTTY && !env.NO_COLOR;
  const apply = (format: Format, text: string): string =>
    colored ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: (text) => apply("bold", text),
    faint: (text) => apply("dim", text),
    mode: (mode, text) => apply(MODE_FORMATS[mode], text),
    good: (text) => apply("green", text),
    warning: (text) => apply("yellow", text),
    bad: (text) => apply("red", text),
  };
}
