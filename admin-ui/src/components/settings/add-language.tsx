import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { formats, t } from "../../language/current.ts";
import { languageTag } from "../../model/language-tag.ts";
import { session } from "../../state/session/session.ts";
import { ExactField } from "../fields/exact-field.tsx";
import { Field } from "../fields/field.tsx";

interface AddLanguageProps {
  readonly taken: readonly string[];
  readonly disabled: boolean;
  readonly onAdd: (language: string) => void;
}

const OTHER = "other";

/**
 * A language that is added by its button: going through the list by keyboard adds none. Of a language in which the built-in texts are not,
 * visitors read the site's own, and the rest in another. Within the form of a dialog there is no other form.
 */
export function AddLanguage({ taken, disabled, onAdd }: AddLanguageProps): JSX.Element {
  const chosen = useSignal("");
  const typed = useSignal("");
  const error = useSignal("");
  const state = session.value;
  const languages = (state.state === "in" ? state.session.locales : []).filter((tag) => !taken.includes(tag));
  const add = (): void => {
    const tag = chosen.peek() === OTHER ? languageTag(typed.peek().trim()) : chosen.peek();
    if (tag === null) error.value = t().message.invalidTag(typed.peek());
    if (tag === null || tag === "") return;
    chosen.value = "";
    typed.value = "";
    error.value = "";
    onAdd(tag);
  };
  return (
    <div class="inline-fields">
      <Field label={t().message.addLanguage}>
        {(control) => (
          <select
            {...control}
            disabled={disabled}
            value={chosen.value}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
            }}
          >
            <option value="">{t().message.choose}</option>
            {languages
              .map((tag) => ({ tag, name: formats().languageName(tag) }))
              .sort((a, b) => formats().compare(a.name, b.name))
              .map(({ tag, name }) => (
                <option key={tag} value={tag}>
                  {name}
                </option>
              ))}
            <option value={OTHER}>{t().message.other}</option>
          </select>
        )}
      </Field>
      {chosen.value === OTHER ? (
        <ExactField
          label={t().message.tag}
          hint={t().message.tagHint}
          error={error.value}
          maxLength={35}
          autoComplete="off"
          value={typed}
          onEnter={add}
        />
      ) : null}
      <button type="button" disabled={disabled || chosen.value === ""} onClick={add}>
        {t().message.add}
      </button>
    </div>
  );
}
