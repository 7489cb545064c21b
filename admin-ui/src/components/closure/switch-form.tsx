import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ChangeResult, Problem, SiteView } from "../../../../src/admin/schema/responses.ts";
import type { HeldView } from "../../../../src/control/barrier/held.ts";
import { t } from "../../language/current.ts";
import type { ClosingMode } from "../../model/mode-words.ts";
import { errorAt } from "../../model/problem-errors.ts";
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
import { HeldConfirmation } from "./held-note.tsx";

export interface SwitchRequest {
  readonly reason?: string;
  /** Although a running command holds a site. */
  readonly anyway?: boolean;
  readonly dryRun?: boolean;
}

interface SwitchFormProps {
  readonly sites: readonly SiteView[];
  readonly deed: "close" | "open";
  /** The sites are closed already, and stay so in another way. */
  readonly isChange?: boolean;
  /** That the sites will have. */
  readonly mode: "open" | ClosingMode;
  readonly sentence: string;
  readonly work: (request: SwitchRequest) => Promise<ChangeResult>;
  /** The inputs of `work`: if they change, the dry run is repeated. */
  readonly inputs: readonly string[];
  /** Of the fields in `children`. */
  readonly pointers: readonly string[];
  readonly children: (problem: Problem | null) => ComponentChildren;
}

/** Asks for confirmation before sites are switched. Shows the sites, the effect and the warnings. */
export function SwitchForm(props: SwitchFormProps): JSX.Element {
  const { sites, deed, isChange = false, mode, sentence, work, inputs, pointers, children } = props;
  const reason = reasonOf(deed, sites);
  const action = useAction();
  const anyway = useSignal(false);
  const held = useSignal<readonly HeldView[]>([]);
  const confirmed = anyway.value ? { anyway: true } : {};
  const dryRun = useDryRun(() => work({ ...confirmed, dryRun: true }), [...inputs, `${anyway.value}`]);
  const refusal = action.problem ?? dryRun.problem;
  const holders = refusal?.held;
  useEffect(() => {
    if (holders !== undefined) held.value = holders;
  }, [holders]);
  const problem = holders === undefined ? refusal : null;
  const [first] = sites;
  const target = sites.length === 1 && first !== undefined ? first.id : sites.length;
  const { switching, close, askClose, working, beforeYouContinue, cancel } = t();
  const [button, question] =
    deed === "open"
      ? [switching.open, switching.askOpen]
      : isChange
        ? [switching.change, switching.askChange]
        : [close, askClose];
  const submit = (): void => {
    void action.run(async () => {
      const words = reason.peek().trim();
      const result = await work({ ...confirmed, ...(words === "" ? {} : { reason: words }) });
      await showChange(result);
      announce(switching.done[mode](target));
      forgetSwitch();
      forgetClosure(sites);
      clearSelection();
    });
  };
  return (
    <Modal title={question(target)} onCancel={forgetSwitch}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p class="sentence">{sentence}</p>
        <Warnings heading={beforeYouContinue} warnings={dryRun.warnings} />
        {children(problem)}
        <Field label={switching.reason} hint={switching.reasonHint} error={errorAt(problem, "/reason")}>
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
        {held.value.length === 0 ? null : <HeldConfirmation held={held.value} anyway={anyway} />}
        <ProblemNote problem={problem} pointers={[...pointers, "/reason"]} />
        <div class="actions">
          <button type="submit" class="primary" data-mode={mode}>
            {action.busy ? working : button(target)}
          </button>
          <button type="button" onClick={forgetSwitch}>
            {cancel}
          </button>
        </div>
      </form>
    </Modal>
  );
}
