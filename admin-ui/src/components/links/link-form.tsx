import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { NewLinkView } from "../../../../src/admin/schema/responses.ts";
import { addLink } from "../../api.ts";
import { formats, t } from "../../language/current.ts";
import { instantOf } from "../../model/end-choice.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { useAction } from "../../state/page/use-action.ts";
import { readClock } from "../../state/session/server-clock.ts";
import { changes } from "../../state/sites/changes.ts";
import { loadSite } from "../../state/sites/site-cache.ts";
import { Choice, type Option } from "../fields/choice.tsx";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";
import { NewLink } from "./new-link.tsx";

const HOUR = 3_600_000;
/** In hours; empty: until it is revoked. */
const DURATIONS = ["2", "24", "168", ""] as const;

type Holds = (typeof DURATIONS)[number] | "open";

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
      <Heading>{t().links.newLink}</Heading>
      <fieldset class="plain stack" disabled={disabled}>
        <legend class="unseen">{t().links.newLink}</legend>
        <Field label={t().links.recipient} error={errorAt(action.problem, "/label")}>
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
          legend={t().links.validFor}
          options={(isClosed ? ["open" as const, ...DURATIONS] : DURATIONS).map(optionOf)}
          value={holds}
          onChange={(next) => {
            life.value = next;
          }}
          error={errorAt(action.problem, "/expires")}
        />
        <div class="actions">
          <button type="submit" class="primary">
            {action.busy ? t().working : t().links.create}
          </button>
        </div>
      </fieldset>
      <ProblemNote problem={action.problem} pointers={["/label", "/expires"]} />
      {made.value === null ? null : <NewLink key={made.value.id} link={made.value} />}
    </form>
  );
}

function optionOf(value: Holds): Option<Holds> {
  const { untilOpen, untilRevoked } = t().links;
  if (value === "open" || value === "") return { value, words: value === "open" ? untilOpen : untilRevoked };
  return { value, words: formats().span(Number(value) * HOUR) };
}
