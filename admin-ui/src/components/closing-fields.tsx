import type { JSX } from "preact";
import type { Closing } from "../model/closing.ts";
import { Choice } from "./choice.tsx";
import { EndField } from "./end-field.tsx";

interface ClosingFieldsProps {
  readonly closing: Closing;
  readonly onChange: (closing: Closing) => void;
  readonly endError: string;
  readonly currentEnd?: number | null;
}

const MODES = [
  { value: "closed", words: "Closed" },
  { value: "read-only", words: "Read-only" },
] as const;

/** How closed, and until when. */
export function ClosingFields({ closing, onChange, endError, currentEnd }: ClosingFieldsProps): JSX.Element {
  return (
    <>
      <Choice legend="Mode" options={MODES} value={closing.mode} onChange={(mode) => onChange({ ...closing, mode })} />
      <EndField
        value={closing.end}
        onChange={(end) => onChange({ ...closing, end })}
        error={endError}
        {...(currentEnd === undefined ? {} : { current: currentEnd })}
      />
    </>
  );
}
