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
  const add = (): void => {
    const tag = languageTag(typed.value.trim());
    error.value = tag === null ? `'${typed.value}' is no language tag: write one such as el or pt-BR.` : "";
    if (tag !== null) onAdd(tag);
  };
  return (
    // Within the form of a dialog there is no other form.
    <div class="inline-form">
      <ExactField
        label="Language tag"
        hint="Such as el for Greek, or pt-BR"
        error={error.value}
        maxLength={35}
        autoComplete="off"
        value={typed}
        onEnter={add}
      />
      <button type="button" onClick={add}>
        Add this language
      </button>
    </div>
  );
}
