import type { ComponentChildren, JSX } from "preact";
import type { ChangeResult, Problem, SiteView } from "../../../../src/admin/schema/types.ts";
import { type Mode, siteInSentence } from "../../model/mode-words.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { count } from "../../model/time-words.ts";
import { forgetClosure, reasonOf } from "../../state/drafts/closure-drafts.ts";
import { forgetSwitch } from "../../state/drafts/pending-switch.ts";
import { announce } from "../../state/page/announcer.ts";
import { useAction } from "../../state/page/use-action.ts";
import { useDryRun } from "../../state/page/use-dry-run.ts";
import { clearSelection } from "../../state/sites/selection.ts";
import { showChange } from "../../state/sites/show-change.ts";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";
import { Modal } from "../page/modal.tsx";
import { Warnings } from "../page/warnings.tsx";

interface SwitchFormProps {
  readonly sites: readonly SiteView[];
  readonly deed: "close" | "open";
  readonly verb: "Open" | "Close" | "Change";
  /** That the sites will have. */
  readonly mode: Mode;
  readonly sentence: string;
  readonly work: (request: { readonly reason?: string; readonly dryRun?: boolean }) => Promise<ChangeResult>;
  /** What `work` depends on: when it is another, the dry run is made again. */
  readonly inputs: readonly string[];
  /** Of the fields in `children`. */
  readonly pointers: readonly string[];
  readonly children: (problem: Problem | null) => ComponentChildren;
}

/** Asks once before sites are switched: which, what it will do, and with which warnings. */
export function SwitchForm(props: SwitchFormProps): JSX.Element {
  const { sites, deed, verb, mode, sentence, work, inputs, pointers, children } = props;
  const reason = reasonOf(deed, sites);
  const action = useAction();
  const dryRun = useDryRun(() => work({ dryRun: true }), inputs);
  const problem = action.problem ?? dryRun.problem;
  const [first] = sites;
  const target = sites.length === 1 && first !== undefined ? siteInSentence(first.id) : count(sites.length, "site");
  const submit = (): void => {
    void action.run(async () => {
      const words = reason.peek().trim();
      const result = await work(words === "" ? {} : { reason: words });
      await showChange(result);
      const plural = sites.length > 1 || first?.id === "*";
      announce(`${target === "all sites" ? "All sites" : target} ${plural ? "are" : "is"} ${mode}.`);
      forgetSwitch();
      forgetClosure(sites);
      clearSelection();
    });
  };
  return (
    <Modal title={`${verb} ${target}?`} onCancel={forgetSwitch}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p class="sentence">{sentence}</p>
        <Warnings heading="Before you go on" warnings={dryRun.warnings} />
        {children(problem)}
        <Field label="Reason, for the history (optional)" error={errorAt(problem, "/reason")}>
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={500}
              value={reason.value}
              onInput={(event) => {
                reason.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
        <ProblemNote problem={problem} pointers={[...pointers, "/reason"]} />
        <div class="actions">
          <button type="submit" class="primary" data-mode={mode}>
            {action.busy ? "One moment …" : `${verb} ${target}`}
          </button>
          <button type="button" onClick={forgetSwitch}>
            Cancel
          </button>
        </div>
      </form>
    </Modal>
  );
}
