import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { languageTag } from "../model/language-name.ts";
import { ExactField } from "./exact-field.tsx";

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
      <ExactField
        label="Language tag"
        hint="Such as el for Greek, or pt-BR"
        error={error.value}
        required
        maxLength={35}
        autoComplete="off"
        value={typed}
      />
      <button type="submit">Add this language</button>
    </form>
  );
}
