import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { NewLinkView } from "../../../../src/admin/schema/types.ts";
import { addLink } from "../../api.ts";
import { instantOf } from "../../model/end-choice.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { useAction } from "../../state/page/use-action.ts";
import { readClock } from "../../state/session/server-clock.ts";
import { changes } from "../../state/sites/changes.ts";
import { loadSite } from "../../state/sites/site-cache.ts";
import { Choice } from "../fields/choice.tsx";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";
import { NewLink } from "./new-link.tsx";

const HOUR = 3_600_000;
const UNTIL_OPEN = { value: "open", words: "Until it opens" } as const;
const DURATIONS = [
  { value: "2", words: "2 hours" },
  { value: "24", words: "1 day" },
  { value: "168", words: "1 week" },
  { value: "", words: "Until revoked" },
] as const;

type Holds = (typeof DURATIONS)[number]["value"] | "open";

const labels = createDrafts("");
const lives = createDrafts<Holds>("2");

interface LinkFormProps {
  readonly site: string;
  /** Only then there is an opening to end with. */
  readonly isClosed: boolean;
  readonly disabled: boolean;
  readonly heading: "h2" | "h3";
}

/** Makes a link, and shows it this once. */
export function LinkForm({ site, isClosed, disabled, heading: Heading }: LinkFormProps): JSX.Element {
  const label = labels.of(site);
  const life = lives.of(site);
  const holds = isClosed || life.value !== "open" ? life.value : "2";
  const made = useSignal<NewLinkView | null>(null);
  const action = useAction();
  const make = async (): Promise<void> => {
    made.value = null;
    const untilOpen = holds === "open";
    const expires = untilOpen || holds === "" ? null : instantOf(readClock() + Number(holds) * HOUR);
    made.value = await addLink(site, { label: label.peek().trim(), expires, untilOpen });
    label.value = "";
    changes.value += 1;
    await loadSite(site);
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(make);
      }}
    >
      <Heading>Make a link</Heading>
      <fieldset class="plain stack" disabled={disabled}>
        <legend class="unseen">Make a link</legend>
        <Field label="Who it is for" error={errorAt(action.problem, "/label")}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={100}
              value={label.value}
              onInput={(event) => (label.value = event.currentTarget.value)}
            />
          )}
        </Field>
        <Choice
          legend="Holds for"
          options={isClosed ? [UNTIL_OPEN, ...DURATIONS] : DURATIONS}
          value={holds}
          onChange={(next) => {
            life.value = next;
          }}
          error={errorAt(action.problem, "/expires")}
        />
        <div class="actions">
          <button type="submit" class="primary">
            {action.busy ? "One moment …" : "Make a link"}
          </button>
        </div>
      </fieldset>
      <ProblemNote problem={action.problem} pointers={["/label", "/expires"]} />
      {made.value === null ? null : <NewLink key={made.value.id} link={made.value} />}
    </form>
  );
}
