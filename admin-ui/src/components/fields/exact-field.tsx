import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Said } from "../../language/said.ts";
import { Field } from "./field.tsx";

interface ExactFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: Said;
  readonly value: Signal<string>;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly autoComplete?: "off";
  /** Where there is no form of its own to send: what Enter does. */
  readonly onEnter?: () => void;
}

/** A field for what counts letter by letter, such as an address or a path: nothing corrects it while it is typed. */
export function ExactField({ label, hint = "", error = "", value, onEnter, ...limits }: ExactFieldProps): JSX.Element {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          {...limits}
          autoCapitalize="none"
          spellcheck={false}
          value={value.value}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || onEnter === undefined) return;
            event.preventDefault();
            onEnter();
          }}
        />
      )}
    </Field>
  );
}
