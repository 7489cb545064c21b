import type { JSX } from "preact";
import { languageName } from "../model/language-name.ts";
import { session } from "../state/session.ts";
import { Field } from "./field.tsx";

interface AddLanguageProps {
  readonly taken: readonly string[];
  readonly disabled: boolean;
  readonly onAdd: (language: string) => void;
}

export function AddLanguage({ taken, disabled, onAdd }: AddLanguageProps): JSX.Element {
  const state = session.value;
  const languages = (state.state === "in" ? state.session.locales : []).filter((tag) => !taken.includes(tag));
  return (
    <Field label="Add a language">
      {(control) => (
        <select
          {...control}
          disabled={disabled}
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.value = "";
            if (value !== "") onAdd(value);
          }}
        >
          <option value="">Choose …</option>
          {languages
            .map((tag) => ({ tag, name: languageName(tag) }))
            .sort((a, b) => a.name.localeCompare(b.name, "en"))
            .map(({ tag, name }) => (
              <option key={tag} value={tag}>
                {name}
              </option>
            ))}
        </select>
      )}
    </Field>
  );
}
