import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ChangeResult, SiteView } from "../../../src/admin/api-types.ts";
import { ApiError, close } from "../api.ts";
import { CLOSING, type Closing, closeBody, closureSettings, withEdits } from "../model/closing.ts";
import { NO_EDITS } from "../model/edits.ts";
import { endOf } from "../model/end-choice.ts";
import { errorAt } from "../model/problem-errors.ts";
import { closingSentence } from "../model/switch-sentence.ts";
import { now, readClock } from "../state/server-clock.ts";
import { editsOf, setEdits } from "../state/site-edits.ts";
import { ClosingFields } from "./closing-fields.tsx";
import { Field } from "./field.tsx";
import { SwitchForm } from "./switch-form.tsx";

interface CloseDialogProps {
  readonly sites: readonly SiteView[];
  /** Chosen already, on the page of the one site. Without it the dialog has the fields. */
  readonly chosen: Closing | undefined;
}

export function CloseDialog({ sites, chosen }: CloseDialogProps): JSX.Element {
  const closing = useSignal(chosen ?? CLOSING);
  const message = useSignal("");
  const [first] = sites;
  const only = sites.length === 1 && first !== undefined ? first : null;
  const edits = only === null || chosen === undefined ? NO_EDITS : editsOf(only.id);
  const currentEnd = only?.until == null ? null : Date.parse(only.until);
  const until = endOf(closing.value.end, now.value, currentEnd);
  const words = message.value.trim();

  const work = async (request: { readonly reason?: string; readonly dryRun?: boolean }): Promise<ChangeResult> => {
    // From this moment on, not from when the dialog was opened.
    const end = endOf(closing.value.end, readClock(), currentEnd);
    if (typeof end === "string") throw wrongEnd(end);
    const result = await close({
      ...closeBody(
        sites.map(({ id }) => id),
        closing.value,
        end,
      ),
      ...(only === null ? {} : closureSettings(only, edits)),
      ...(words === "" ? {} : { notice: { message: words } }),
      ...request,
    });
    // Hosts are no part of a closing: what was typed there is still to be saved.
    if (only !== null && chosen !== undefined && request.dryRun !== true)
      setEdits(only.id, edits.hosts === undefined ? NO_EDITS : { hosts: edits.hosts });
    return result;
  };

  return (
    <SwitchForm
      sites={sites}
      verb={sites.every(({ mode }) => mode !== "open") ? "Change" : "Close"}
      mode={closing.value.mode}
      sentence={closingSentence({
        sites,
        mode: closing.value.mode,
        until: typeof until === "string" ? null : until,
        now: now.value,
        settings: only === null ? null : withEdits(only, edits),
        message: words,
      })}
      work={work}
      inputs={[JSON.stringify(closing.value), words]}
      pointers={chosen === undefined ? ["/until", "/notice"] : []}
    >
      {(problem) =>
        chosen === undefined ? (
          <>
            <ClosingFields
              closing={closing.value}
              onChange={(next) => {
                closing.value = next;
              }}
              endError={errorAt(problem, "/until")}
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
        ) : Object.keys(edits).length === 0 ? null : (
          <p class="quiet">What you typed and did not save counts for this closing, and ends with it.</p>
        )
      }
    </SwitchForm>
  );
}

/** Said at the same place, and in the same way, as what the API finds wrong. */
function wrongEnd(message: string): ApiError {
  return new ApiError({
    type: "about:blank",
    title: "Not in order",
    status: 422,
    code: "ERR_INVALID_TIME",
    detail: message,
    hint: "",
    errors: [{ pointer: "/until", message }],
  });
}
