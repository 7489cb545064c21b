import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import { withEdits } from "../../model/closure.ts";
import { languagesOf } from "../../model/field.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";
import { AddLanguage } from "./add-language.tsx";
import { EditRefusal } from "./edit-refusal.tsx";
import { Preview } from "./preview.tsx";
import { SiteField } from "./site-field.tsx";
import { TabList } from "./tab-list.tsx";

const addedLanguages = createDrafts<readonly string[]>([]);
const chosenLanguages = createDrafts("");

/** The message for visitors in each language, beside a preview. */
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
        <h2 tabIndex={-1}>{t().message.message}</h2>
        <p class="quiet">{lastingWords(site)}</p>
        <EditRefusal site={site} />
        <TabList
          label={t().message.language}
          tabs={tabs.map((tag) => ({
            id: tag,
            words: tag === "" ? t().message.allLanguages : formats().languageName(tag),
          }))}
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
              label={t().message.title}
              hint={titleHint(language)}
              kind="text"
              {...langOf(language)}
            />
            <SiteField
              key={`${prefix}.message`}
              site={site}
              name={`${prefix}.message`}
              label={t().message.message}
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
          name="notice.moreUrl"
          label={t().message.url}
          hint={t().message.urlHint}
          kind="optional"
        />
      </div>
      <Preview site={withEdits(site, editsOf(site.id))} language={language} />
    </section>
  );
}

function lastingWords({ afterwards }: SiteView): string {
  return afterwards?.notice === undefined ? t().message.lasting : t().message.ofClosure;
}

function titleHint(language: string): string {
  return language === "" ? t().message.titleHint : t().message.translationHint;
}

function langOf(language: string): { readonly lang?: string } {
  return language === "" ? {} : { lang: language };
}
