import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { ChangeResult, Problem, SiteView } from "../../../src/admin/api-types.ts";
import { type Mode, siteInSentence } from "../model/mode-words.ts";
import { errorAt } from "../model/problem-errors.ts";
import { count } from "../model/time-words.ts";
import { announce } from "../state/announcer.ts";
import { forgetSwitch } from "../state/pending-switch.ts";
import { clearSelection } from "../state/selection.ts";
import { loadSite } from "../state/site-cache.ts";
import { reloadSites } from "../state/site-list.ts";
import { useAction } from "../state/use-action.ts";
import { useDryRun } from "../state/use-dry-run.ts";
import { Field } from "./field.tsx";
import { Modal } from "./modal.tsx";
import { ProblemNote } from "./problem-note.tsx";

interface SwitchFormProps {
  readonly sites: readonly SiteView[];
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

/** Asks once before a switch is thrown: which sites, what it will do, and what to beware of. */
export function SwitchForm(props: SwitchFormProps): JSX.Element {
  const { sites, verb, mode, sentence, work, inputs, pointers, children } = props;
  const reason = useSignal("");
  const action = useAction();
  const dryRun = useDryRun(() => work({ dryRun: true }), inputs);
  const problem = action.problem ?? dryRun.problem;
  const [first] = sites;
  const target = sites.length === 1 && first !== undefined ? siteInSentence(first.id) : count(sites.length, "site");
  const submit = async (): Promise<void> => {
    const words = reason.value.trim();
    const done = await action.run(async () => {
      await work(words === "" ? {} : { reason: words });
    });
    if (!done) return;
    const plural = sites.length > 1 || first?.id === "*";
    announce(`${target === "all sites" ? "All sites" : target} ${plural ? "are" : "is"} ${mode}.`);
    forgetSwitch();
    clearSelection();
    await Promise.all([reloadSites(), ...(first === undefined ? [] : [loadSite(first.id)])]).catch(() => undefined);
  };
  return (
    <Modal title={`${verb} ${target}?`} onCancel={forgetSwitch}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p class="sentence">{sentence}</p>
        <Warnings warnings={dryRun.warnings} />
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

function Warnings({ warnings }: { readonly warnings: readonly string[] }): JSX.Element {
  return (
    <div aria-live="polite">
      {warnings.length === 0 ? null : (
        <div class="warning">
          <h3>Before you go on</h3>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
