import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { close, open } from "../api.ts";
import { CLOSING, closeBody, closureSettings, withEdits } from "../model/closing.ts";
import { endOf } from "../model/end-choice.ts";
import { siteInSentence } from "../model/mode-words.ts";
import { errorAt } from "../model/problem-errors.ts";
import { closingSentence, openingSentence } from "../model/switch-sentence.ts";
import { count } from "../model/time-words.ts";
import { announce } from "../state/announcer.ts";
import { forgetSwitch, type PendingSwitch } from "../state/pending-switch.ts";
import { clearSelection } from "../state/selection.ts";
import { now, readClock } from "../state/server-clock.ts";
import { loadSite } from "../state/site-cache.ts";
import { editsOf, setEdits } from "../state/site-edits.ts";
import { reloadSites } from "../state/site-list.ts";
import { useAction } from "../state/use-action.ts";
import { useDryRun } from "../state/use-dry-run.ts";
import { ClosingFields } from "./closing-fields.tsx";
import { Field } from "./field.tsx";
import { Modal } from "./modal.tsx";
import { ProblemNote } from "./problem-note.tsx";

/** Asks once before a switch is thrown: which sites, what it will do, and what to beware of. */
export function SwitchDialog({ pending }: { readonly pending: PendingSwitch }): JSX.Element {
  const { deed, sites } = pending;
  const chosen = deed === "close" ? pending.closing : undefined;
  const closing = useSignal(chosen ?? CLOSING);
  const message = useSignal("");
  const reason = useSignal("");
  const action = useAction();
  const [first] = sites;
  const edited = chosen !== undefined && first !== undefined ? editsOf(first.id) : {};
  const ids = sites.map(({ id }) => id);
  const current = first?.until == null ? null : Date.parse(first.until);
  const until = endOf(closing.value.end, now.value, current);
  const body = (moment: number): Parameters<typeof close>[0] => {
    const end = endOf(closing.value.end, moment, current);
    const words = message.value.trim();
    return {
      ...closeBody(ids, closing.value, typeof end === "string" ? null : end),
      ...(chosen !== undefined && first !== undefined ? closureSettings(first, edited) : {}),
      ...(words === "" ? {} : { notice: { message: words } }),
    };
  };
  const dryRun = useDryRun(
    () => (deed === "open" ? open({ sites: ids, dryRun: true }) : close({ ...body(readClock()), dryRun: true })),
    [JSON.stringify(closing.value), message.value],
  );
  const problem = action.problem ?? dryRun.problem;
  const verb = deed === "open" ? "Open" : sites.every(({ mode }) => mode !== "open") ? "Change" : "Close";
  const target = sites.length === 1 && first !== undefined ? siteInSentence(first.id) : count(sites.length, "site");
  const sentence =
    deed === "open"
      ? openingSentence(sites)
      : closingSentence({
          sites,
          mode: closing.value.mode,
          until: typeof until === "string" ? null : until,
          now: now.value,
          settings: sites.length === 1 && first !== undefined ? withEdits(first, edited) : null,
          message: message.value.trim(),
        });
  const submit = async (): Promise<void> => {
    if (typeof until === "string" && deed === "close") return;
    const why = reason.value.trim() === "" ? {} : { reason: reason.value.trim() };
    const done = await action.run(async () => {
      if (deed === "open") await open({ sites: ids, ...why });
      else await close({ ...body(readClock()), ...why });
    });
    if (!done) return;
    const past = { Open: "open", Close: closing.value.mode, Change: "changed" };
    announce(sites.length === 1 ? `${capital(target)} is ${past[verb]}.` : `${capital(target)} are ${past[verb]}.`);
    if (chosen !== undefined && first !== undefined) setEdits(first.id, hostsOnly(edited));
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
        {deed === "close" && chosen === undefined ? (
          <>
            <ClosingFields
              closing={closing.value}
              onChange={(next) => {
                closing.value = next;
              }}
              endError={typeof until === "string" ? until : errorAt(problem, "/until")}
            />
            <Field
              label="Message for visitors (optional)"
              hint="For this closing. Without it, what is set for each site counts."
              error={errorAt(problem, "/notice")}
            >
              {(control) => (
                <textarea
                  {...control}
                  rows={2}
                  value={message.value}
                  onInput={(event) => {
                    message.value = event.currentTarget.value;
                  }}
                />
              )}
            </Field>
          </>
        ) : null}
        {Object.keys(edited).length === 0 ? null : (
          <p class="quiet">What you typed and did not save counts for this closing, and ends with it.</p>
        )}
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
        <ProblemNote problem={problem} pointers={["/until", "/reason", ...(chosen === undefined ? ["/notice"] : [])]} />
        <div class="actions">
          <button type="submit" class="primary" data-mode={deed === "open" ? "open" : closing.value.mode}>
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

/** Hosts are no part of a closing: what was typed there is still to be saved. */
function hostsOnly(edits: ReturnType<typeof editsOf>): ReturnType<typeof editsOf> {
  return edits.hosts === undefined ? {} : { hosts: edits.hosts };
}

function capital(words: string): string {
  return words === "all sites" ? "All sites" : words;
}
