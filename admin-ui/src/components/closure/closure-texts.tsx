import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import type { Said } from "../../language/said.ts";
import type { Closure } from "../../model/closure.ts";
import { Field } from "../fields/field.tsx";
import { AddLanguage } from "../settings/add-language.tsx";

interface ClosureTextsProps {
  readonly sites: readonly SiteView[];
  readonly closure: Closure;
  readonly onChange: (change: Pick<Closure, "message"> | Pick<Closure, "texts">) => void;
  readonly error: Said;
}

/** The message for visitors during this closure, in each of its languages. The site's own message returns afterwards. */
export function ClosureTexts({ sites, closure, onChange, error }: ClosureTextsProps): JSX.Element {
  const [first] = sites;
  const notice = sites.length === 1 && first !== undefined ? first.notice : null;
  const own = notice?.translations ?? {};
  const languages = [...new Set([...Object.keys(own), ...Object.keys(closure.texts)])];
  const setText = (tag: string, text: string): void => onChange({ texts: { ...closure.texts, [tag]: text } });
  return (
    <>
      <Field
        label={t().messageForVisitors}
        hint={notice === null ? t().message.hintSeveral : t().message.hintOne}
        error={error}
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            dir="auto"
            value={closure.message ?? notice?.message ?? ""}
            onInput={({ currentTarget: { value } }) =>
              onChange({ message: value === (notice?.message ?? "") ? null : value })
            }
          />
        )}
      </Field>
      {languages.map((tag) => (
        <Field key={tag} label={t().message.inLanguage(formats().languageName(tag))}>
          {(control) => (
            <textarea
              {...control}
              rows={2}
              dir="auto"
              lang={tag}
              value={closure.texts[tag] ?? own[tag]?.message ?? ""}
              onInput={(event) => setText(tag, event.currentTarget.value)}
            />
          )}
        </Field>
      ))}
      <AddLanguage taken={languages} disabled={false} onAdd={(tag) => setText(tag, "")} />
    </>
  );
}
