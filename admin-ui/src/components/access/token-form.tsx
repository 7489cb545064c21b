import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { addToken } from "../../api.ts";
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

const RIGHTS: readonly { readonly right: Right; readonly words: string }[] = [
  { right: "view", words: "view: see everything but secrets" },
  { right: "switch", words: "switch: close and open" },
  { right: "edit", words: "edit: settings and exemptions" },
  { right: "links", words: "links: make and revoke bypass links" },
  { right: "access", words: "access: tokens and sessions" },
];
const DAYS = [
  { value: "30", words: "30 days" },
  { value: "365", words: "1 year" },
  { value: "", words: "Until revoked" },
] as const;

const names = createDrafts("");
const rightsOf = createDrafts<readonly Right[]>(["view"]);
const sitesOf = createDrafts("");
const daysOf = createDrafts<(typeof DAYS)[number]["value"]>("30");

export function TokenForm({ onMade }: { readonly onMade: () => Promise<void> }): JSX.Element {
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
      ...(days.value === "" ? {} : { expires: instantOf(readClock() + Number(days.value) * 86_400_000) }),
    });
    name.value = "";
    await onMade();
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(make);
      }}
    >
      <h2>Make a token</h2>
      <Field label="Name" hint="As the history shows it" error={errorAt(action.problem, "/name")}>
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
        <legend>It may</legend>
        {RIGHTS.map(({ right, words }) => (
          <label key={right} class="check">
            <input
              type="checkbox"
              checked={rights.value.includes(right)}
              onChange={(event) => {
                const others = rights.value.filter((one) => one !== right);
                rights.value = event.currentTarget.checked ? [...others, right] : others;
              }}
            />
            <span>{words}</span>
          </label>
        ))}
        {errorAt(action.problem, "/may") === "" ? null : <p class="error">{errorAt(action.problem, "/may")}</p>}
      </fieldset>
      <ExactField
        label="Only these sites (optional)"
        hint="Names, such as shop, blog"
        error={errorAt(action.problem, "/sites")}
        value={sites}
      />
      <Choice
        legend="Holds for"
        options={DAYS}
        value={days.value}
        onChange={(next) => (days.value = next)}
        error={errorAt(action.problem, "/expires")}
      />
      <ProblemNote problem={action.problem} pointers={["/name", "/may", "/sites", "/expires"]} />
      <div class="actions">
        <button type="submit" class="primary">
          {action.busy ? "One moment …" : "Make a token"}
        </button>
      </div>
      {made.value === null ? null : (
        <CopyOnce
          key={made.value.id}
          title={`The token ${made.value.name}`}
          text={made.value.token}
          note="It is shown this once: copy it now."
        />
      )}
    </form>
  );
}
