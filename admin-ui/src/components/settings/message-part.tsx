import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { withEdits } from "../../model/closure.ts";
import { languagesOf } from "../../model/field.ts";
import { languageName } from "../../model/language-name.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";
import { AddLanguage } from "./add-language.tsx";
import { EditRefusal } from "./edit-refusal.tsx";
import { Preview } from "./preview.tsx";
import { SiteField } from "./site-field.tsx";
import { TabList } from "./tab-list.tsx";

const addedLanguages = createDrafts<readonly string[]>([]);
const chosenLanguages = createDrafts("");

/** What visitors are told, in each language, beside what they will see. */
export function MessagePart({ site }: { readonly site: SiteView }): JSX.Element {
  const added = addedLanguages.of(site.id);
  const chosen = chosenLanguages.of(site.id);
  const languages = languagesOf(site, Object.keys(editsOf(site.id)));
  const tabs = ["", ...new Set([...languages, ...added.value])];
  const language = tabs.includes(chosen.value) ? chosen.value : "";
  const prefix = language === "" ? "notice" : `notice.translations.${language}`;
  return (
    <section class="split">
      <div class="stack">
        <h2 tabIndex={-1}>Message</h2>
        <p class="quiet">{lastingWords(site)}</p>
        <EditRefusal site={site} />
        <TabList
          label="Language"
          tabs={tabs.map((tag) => ({ id: tag, words: tag === "" ? "All languages" : languageName(tag) }))}
          chosen={language}
          onChoose={(tag) => {
            chosen.value = tag;
          }}
        >
          <div class="stack">
            <SiteField
              key={`${prefix}.title`}
              site={site}
              name={`${prefix}.title`}
              label="Title"
              hint={titleHint(language)}
              kind="text"
              {...langOf(language)}
            />
            <SiteField
              key={`${prefix}.message`}
              site={site}
              name={`${prefix}.message`}
              label="Message"
              kind="area"
              {...langOf(language)}
            />
          </div>
        </TabList>
        <AddLanguage
          taken={tabs}
          disabled={!site.may.includes("edit")}
          onAdd={(tag) => {
            added.value = [...added.value, tag];
            chosen.value = tag;
          }}
        />
        <SiteField
          site={site}
          name="notice.url"
          label="Status page"
          hint="A link to read more, such as https://status.example/"
          kind="optional"
        />
      </div>
      <Preview site={withEdits(site, editsOf(site.id))} language={language} />
    </section>
  );
}

function lastingWords({ id, afterwards }: SiteView): string {
  return afterwards?.notice === undefined
    ? "These texts stay, closure after closure. For one closure only, type them where you close the site."
    : `These are the texts of this closure. Once ${id === "*" ? "it" : id} opens, those from before are back, unless you save here.`;
}

function titleHint(language: string): string {
  return language === ""
    ? "Left empty, visitors read the built-in text in their language."
    : "Left empty, the text for all languages counts. A language without texts is removed.";
}

function langOf(language: string): { readonly lang?: string } {
  return language === "" ? {} : { lang: language };
}
