import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { languageName } from "../model/language-name.ts";
import { session } from "../state/session.ts";
import { Field } from "./field.tsx";
import { OtherLanguage } from "./other-language.tsx";

interface AddLanguageProps {
  readonly taken: readonly string[];
  readonly disabled: boolean;
  readonly onAdd: (language: string) => void;
}

const OTHER = "other";

export function AddLanguage({ taken, disabled, onAdd }: AddLanguageProps): JSX.Element {
  const isOther = useSignal(false);
  const state = session.value;
  const languages = (state.state === "in" ? state.session.locales : []).filter((tag) => !taken.includes(tag));
  const select = (
    <Field label="Add a language">
      {(control) => (
        <select
          {...control}
          disabled={disabled}
          value={isOther.value ? OTHER : ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            isOther.value = value === OTHER;
            if (isOther.value || value === "") return;
            event.currentTarget.value = "";
            onAdd(value);
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
          <option value={OTHER}>Another one …</option>
        </select>
      )}
    </Field>
  );
  if (!isOther.value) return select;
  return (
    <>
      {select}
      <OtherLanguage
        onAdd={(tag) => {
          isOther.value = false;
          onAdd(tag);
        }}
      />
    </>
  );
}
