import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import { conflictsOf, type FieldConflict, resolveConflict } from "../../model/edits.ts";
import { fieldLabel, valueWords } from "../../model/field-words.ts";
import { saveEdits } from "../../state/drafts/save-site.ts";
import { editsOf, setEdits } from "../../state/drafts/site-edits.ts";
import { announce } from "../../state/page/announcer.ts";
import { now } from "../../state/session/server-clock.ts";

type Side = "yours" | "theirs";

/** Both values of every field that two users changed, until the user has chosen one of each. Nothing is lost before. */
export function ConflictPanel({ site }: { readonly site: SiteView }): JSX.Element {
  const texts = t().conflict;
  const choices = useSignal<Readonly<Record<string, Side>>>({});
  const conflicts = conflictsOf(site, editsOf(site.id));
  const open = conflicts.filter(({ key }) => choices.value[key] === undefined);
  const save = (): void => {
    let edits = editsOf(site.id);
    for (const { key } of conflicts) edits = resolveConflict(site, edits, key, choices.value[key] ?? "theirs");
    choices.value = {};
    setEdits(site.id, edits);
    if (Object.keys(edits).length > 0) void saveEdits(site);
    else announce(texts.keptTheirs);
  };
  return (
    <section class={conflicts.length === 0 ? "" : "conflict stack"} aria-label={texts.label}>
      <div role="alert">
        {conflicts.length === 0 ? null : (
          <>
            <h2 tabIndex={-1}>{texts.title}</h2>
            <p>
              {site.changed === null
                ? texts.text
                : texts.textBy({
                    by: site.changed.by.label,
                    at: formats().hour(Date.parse(site.changed.at), now.value),
                  })}
            </p>
          </>
        )}
      </div>
      {conflicts.length === 0 ? null : (
        <>
          {conflicts.map((conflict) => (
            <Sides
              key={conflict.key}
              conflict={conflict}
              chosen={choices.value[conflict.key]}
              onChoose={(side) => {
                choices.value = { ...choices.value, [conflict.key]: side };
              }}
            />
          ))}
          <div class="actions">
            <button type="button" class="primary" disabled={open.length > 0} onClick={save}>
              {texts.save}
            </button>
            {open.length === 0 ? null : <span class="quiet">{texts.chooseFirst}</span>}
          </div>
        </>
      )}
    </section>
  );
}

interface SidesProps {
  readonly conflict: FieldConflict;
  readonly chosen: Side | undefined;
  readonly onChoose: (side: Side) => void;
}

function Sides({ conflict, chosen, onChoose }: SidesProps): JSX.Element {
  const name = useId();
  const sides = [
    { side: "yours", words: t().conflict.yours, value: conflict.yours },
    { side: "theirs", words: t().conflict.theirs, value: conflict.theirs },
  ] as const;
  return (
    <fieldset class="choice sides">
      <legend>{fieldLabel(conflict.key)}</legend>
      <div class="options">
        {sides.map(({ side, words, value }) => (
          <label key={side} class="option">
            <input type="radio" name={name} checked={chosen === side} onChange={() => onChoose(side)} />
            <span>
              <strong>{words}</strong>
              <span class="value" dir="auto">
                {valueWords(value)}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
