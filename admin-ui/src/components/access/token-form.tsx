import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { addToken } from "../../api.ts";
import { formats, t } from "../../language/current.ts";
import { SaidText } from "../../language/said-text.tsx";
import { instantOf } from "../../model/end-choice.ts";
import { errorAt } from "../../model/problem-errors.ts";
import type { Right } from "../../model/rights-words.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { useAction } from "../../state/page/use-action.ts";
import { readClock } from "../../state/session/server-clock.ts";
import { Choice } from "../fields/choice.tsx";
import { CopyOnce } from "../fields/copy-once.tsx";
import { ExactField } from "../fields/exact-field.tsx";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";

const RIGHTS: readonly Right[] = ["view", "switch", "edit", "links", "access"];
const DAY_MS = 86_400_000;
const DAYS = ["30", "365", ""] as const;

const names = createDrafts("");
const rightsOf = createDrafts<readonly Right[]>(["view"]);
const sitesOf = createDrafts("");
const daysOf = createDrafts<(typeof DAYS)[number]>("30");

export function TokenForm({ onMade }: { readonly onMade: () => Promise<void> }): JSX.Element {
  const texts = t().access;
  const name = names.of("");
  const rights = rightsOf.of("");
  const sites = sitesOf.of("");
  const days = daysOf.of("");
  const made = useSignal<{ readonly id: string; readonly name: string; readonly token: string } | null>(null);
  const action = useAction();
  const make = async (): Promise<void> => {
    made.value = null;
    const named = sites.value.split(/[\s,]+/).filter(Boolean);
    made.value = await addToken({
      name: name.value.trim(),
      may: rights.value,
      ...(named.length === 0 ? {} : { sites: named }),
      ...(days.value === "" ? {} : { expires: instantOf(readClock() + Number(days.value) * DAY_MS) }),
    });
    name.value = "";
    await onMade();
  };
  const wrongRights = errorAt(action.problem, "/may");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(make);
      }}
    >
      <h2>{texts.newToken}</h2>
      <Field label={texts.name} hint={texts.nameHint} error={errorAt(action.problem, "/name")}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={100}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset class="plain">
        <legend>{texts.rights}</legend>
        {RIGHTS.map((right) => (
          <label key={right} class="check">
            <input
              type="checkbox"
              checked={rights.value.includes(right)}
              onChange={(event) => {
                const others = rights.value.filter((one) => one !== right);
                rights.value = event.currentTarget.checked ? [...others, right] : others;
              }}
            />
            <span>{texts.right[right]}</span>
          </label>
        ))}
        {wrongRights === "" ? null : (
          <p class="error">
            <SaidText said={wrongRights} />
          </p>
        )}
      </fieldset>
      <ExactField label={texts.only} hint={texts.onlyHint} error={errorAt(action.problem, "/sites")} value={sites} />
      <Choice
        legend={t().links.validFor}
        options={DAYS.map((value) => ({
          value,
          words: value === "" ? t().links.untilRevoked : formats().span(Number(value) * DAY_MS),
        }))}
        value={days.value}
        onChange={(next) => (days.value = next)}
        error={errorAt(action.problem, "/expires")}
      />
      <ProblemNote problem={action.problem} pointers={["/name", "/may", "/sites", "/expires"]} />
      <div class="actions">
        <button type="submit" class="primary">
          {action.busy ? t().working : texts.create}
        </button>
      </div>
      {made.value === null ? null : (
        <CopyOnce
          key={made.value.id}
          title={texts.tokenTitle(made.value.name)}
          text={made.value.token}
          note={t().links.shownOnce}
        />
      )}
    </form>
  );
}
