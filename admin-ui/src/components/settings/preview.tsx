import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, language as pageLanguage, t } from "../../language/current.ts";
import { instantOf } from "../../model/end-choice.ts";
import { session } from "../../state/session/session.ts";
import { Choice } from "../fields/choice.tsx";
import { Field } from "../fields/field.tsx";
import { PreviewFrame } from "./preview-frame.tsx";

const PAUSE = 300;
const WIDTHS = ["narrow", "wide"] as const;
const SCHEMES = ["light", "dark"] as const;

interface PreviewProps {
  /** With what is being typed. */
  readonly site: SiteView;
  /** The end that is being chosen, in epoch milliseconds; `undefined`: the one that is set. */
  readonly until?: number | null;
  /** Empty: one that is chosen here. */
  readonly language: string;
  /** The surrounding part already has this heading. */
  readonly withoutHeading?: boolean;
}

/** A preview of the page for visitors. Does not close the site. */
export function Preview({ site, until, language, withoutHeading = false }: PreviewProps): JSX.Element {
  const texts = t().preview;
  const locale = useSignal("");
  const width = useSignal<"narrow" | "wide">("narrow");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme = useSignal<"light" | "dark">(dark ? "dark" : "light");
  const state = session.value;
  const locales = state.state === "in" ? state.session.locales : [];
  const shown = language || locale.value || pageLanguage.value.tag;
  const end = until === undefined ? site.until : until === null ? null : instantOf(until);
  const wanted = JSON.stringify(draftFields(site, end, shown));
  const source = useSignal(wanted);
  useEffect(() => {
    const timer = setTimeout(() => {
      source.value = wanted;
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <section class="preview stack" aria-label={texts.title}>
      {withoutHeading ? null : <h2>{texts.title}</h2>}
      <p class="quiet">{texts.text}</p>
      <div class="preview-row">
        {language === "" ? (
          <Field label={texts.language}>
            {(control) => (
              <select
                {...control}
                value={shown}
                onChange={(event) => {
                  locale.value = event.currentTarget.value;
                }}
              >
                {locales.map((tag) => (
                  <option key={tag} value={tag}>
                    {formats().languageName(tag)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        <Choice
          legend={texts.width}
          options={WIDTHS.map((one) => ({ value: one, words: texts[one] }))}
          value={width.value}
          onChange={(next) => (width.value = next)}
        />
        <Choice
          legend={texts.colours}
          options={SCHEMES.map((one) => ({ value: one, words: texts[one] }))}
          value={scheme.value}
          onChange={(next) => (scheme.value = next)}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll what is wider than the screen */}
      <section class="stage" data-width={width.value} aria-label={texts.stage} tabIndex={0}>
        <PreviewFrame
          key={source.value}
          fields={JSON.parse(source.value)}
          title={texts.frame(formats().languageName(shown))}
          scheme={scheme.value}
        />
      </section>
    </section>
  );
}

function draftFields(site: SiteView, until: string | null, locale: string): Readonly<Record<string, string>> {
  const { notice } = site;
  const own = notice.translations[locale];
  return {
    site: site.id,
    locale,
    ...(site.mode === "read-only" ? { mode: site.mode } : {}),
    title: own?.title || notice.title,
    message: own?.message || notice.message,
    ...(notice.moreUrl === null ? {} : { moreUrl: notice.moreUrl }),
    ...(until === null ? {} : { until }),
  };
}
