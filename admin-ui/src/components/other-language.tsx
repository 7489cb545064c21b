import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { languageTag } from "../model/language-name.ts";
import { Field } from "./field.tsx";

interface OtherLanguageProps {
  readonly onAdd: (language: string) => void;
}

/** A language in which the built-in texts are not: its visitors read the site's own, and the rest in another. */
export function OtherLanguage({ onAdd }: OtherLanguageProps): JSX.Element {
  const typed = useSignal("");
  const error = useSignal("");
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        const tag = languageTag(typed.value.trim());
        error.value = tag === null ? `'${typed.value}' is no language tag: write one such as el or pt-BR.` : "";
        if (tag !== null) onAdd(tag);
      }}
    >
      <Field label="Language tag" hint="Such as el for Greek, or pt-BR" error={error.value}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={35}
            autoCapitalize="none"
            autoComplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit">Add this language</button>
    </form>
  );
}
