import type { JSX } from "preact";
import { t } from "../../language/current.ts";
import type { Mode } from "../../model/mode-words.ts";

/** One shape for each mode, the same as on the page that visitors see. */
const SHAPES: Readonly<Record<Mode, string>> = {
  open: "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0m0 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11",
  "read-only": "M8 0a8 8 0 0 0 0 16A8 8 0 0 0 8 0m0 2a6 6 0 0 1 0 12z",
  paused: "M2 1h4v14H2zm8 0h4v14h-4z",
  closed: "M1 1h14v14H1z",
};

/** A mode, told by word, shape and colour. */
export function ModeBadge({ mode }: { readonly mode: Mode }): JSX.Element {
  return (
    <span class="mode" data-mode={mode}>
      <ModeShape mode={mode} />
      {t().modes[mode]}
    </span>
  );
}

function ModeShape({ mode }: { readonly mode: Mode }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path fill-rule="evenodd" d={SHAPES[mode]} />
    </svg>
  );
}
