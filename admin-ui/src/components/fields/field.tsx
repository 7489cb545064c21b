import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { isSilent, type Said } from "../../language/said.ts";
import { SaidText } from "../../language/said-text.tsx";

/** Attributes that connect an input with its label, its hint and its error. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: "true";
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: Said;
  readonly children: (control: ControlProps) => ComponentChildren;
}

/** One labelled input, with its error as a sentence beside it. */
export function Field({ label, hint = "", error = "", children }: FieldProps): JSX.Element {
  const id = useId();
  const described = [hint === "" ? "" : `${id}-hint`, isSilent(error) ? "" : `${id}-error`].filter(
    (part) => part !== "",
  );
  const control: ControlProps = {
    id,
    ...(described.length === 0 ? {} : { "aria-describedby": described.join(" ") }),
    ...(isSilent(error) ? {} : { "aria-invalid": "true" }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint === "" ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children(control)}
      {isSilent(error) ? null : (
        <p class="error" id={`${id}-error`}>
          <SaidText said={error} />
        </p>
      )}
    </div>
  );
}
