import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { ADMIN_LANGUAGES } from "../../../../src/admin/page/languages.ts";
import { chooseLanguage } from "../../language/choose.ts";
import { language, t } from "../../language/current.ts";
import { announce, dismissAnnouncement } from "../../state/page/announcer.ts";

/** Each language by its own name, for a reader who does not know that of the page. What is typed elsewhere on the page stays. */
export function LanguageChoice(): JSX.Element {
  const id = useId();
  const choose = (chosen: string): void => {
    const tag = TAGS.find((one) => one === chosen);
    if (tag === undefined) return;
    // Its text is in the language before.
    chooseLanguage(tag).then(dismissAnnouncement, () => announce(t().health.unreachable, "failed"));
  };
  return (
    <footer class="page-footer">
      <label for={id}>{t().language}</label>
      <select id={id} value={language.value.tag} onChange={(event) => choose(event.currentTarget.value)}>
        {TAGS.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {ADMIN_LANGUAGES[tag]}
          </option>
        ))}
      </select>
    </footer>
  );
}

const TAGS = Object.keys(ADMIN_LANGUAGES) as (keyof typeof ADMIN_LANGUAGES)[];
