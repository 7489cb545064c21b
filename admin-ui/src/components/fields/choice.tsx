import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { isSilent, type Said } from "../../language/said.ts";
import { SaidText } from "../../language/said-text.tsx";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly words: string;
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error?: Said;
}

/** One of a few, side by side: radio buttons of a size that a thumb hits. */
export function Choice<Value extends string>(props: ChoiceProps<Value>): JSX.Element {
  const { legend, options, value, onChange, error = "" } = props;
  const name = useId();
  return (
    <fieldset class="choice" aria-describedby={isSilent(error) ? undefined : `${name}-error`}>
      <legend>{legend}</legend>
      <div class="options">
        {options.map((option) => (
          <label key={option.value} class="option">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.words}
          </label>
        ))}
      </div>
      {isSilent(error) ? null : (
        <p class="error" id={`${name}-error`}>
          <SaidText said={error} />
        </p>
      )}
    </fieldset>
  );
}
