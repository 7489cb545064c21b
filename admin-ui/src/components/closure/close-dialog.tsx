import type { JSX } from "preact";
import type { ChangeResult, SiteView } from "../../../../src/admin/schema/responses.ts";
import { ApiError, close } from "../../api.ts";
import { formats, t } from "../../language/current.ts";
import { closeBody, endChoiceOf, modeOf, withClosure, withEdits } from "../../model/closure.ts";
import { NO_EDITS } from "../../model/edits.ts";
import { endOf } from "../../model/end-choice.ts";
import { exemptionSentence } from "../../model/exemption-sentence.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { closingSentences } from "../../model/switch-sentence.ts";
import { closureOf } from "../../state/drafts/closure-drafts.ts";
import { editsOf, setEdits } from "../../state/drafts/site-edits.ts";
import { now, readClock } from "../../state/session/server-clock.ts";
import { ClosureFields } from "./closure-fields.tsx";
import { SwitchForm, type SwitchRequest } from "./switch-form.tsx";
import { YourOwnWay } from "./your-own-way.tsx";

interface CloseDialogProps {
  readonly sites: readonly SiteView[];
  /** Otherwise they are on the page of the one site. */
  readonly withFields: boolean;
}

export function CloseDialog({ sites, withFields }: CloseDialogProps): JSX.Element {
  const closure = closureOf(sites);
  const [first] = sites;
  const only = sites.length === 1 && first !== undefined ? first : null;
  const edits = only === null ? NO_EDITS : editsOf(only.id);
  const currentEnd = only?.until == null ? null : Date.parse(only.until);
  const endAt = (moment: number): number | null | string =>
    endOf(endChoiceOf(sites, closure.value), moment, currentEnd);
  const until = endAt(now.value);
  const mode = modeOf(sites, closure.value);
  const planned = only === null ? null : withClosure(withEdits(only, edits), closure.value);

  const work = async (request: SwitchRequest): Promise<ChangeResult> => {
    // From this moment on, not from when the dialog was opened.
    const end = endAt(readClock());
    if (typeof end === "string") throw wrongEnd(end);
    const typed = only === null ? null : { site: only, edits };
    const result = await close({ ...closeBody(sites, closure.value, end, typed), ...request });
    // Hosts are no part of a closure: what was typed there is still to be saved.
    if (only !== null && request.dryRun !== true)
      setEdits(only.id, edits.hosts === undefined ? NO_EDITS : { hosts: edits.hosts });
    return result;
  };

  return (
    <SwitchForm
      sites={sites}
      deed="close"
      isChange={sites.every((site) => site.mode !== "open")}
      mode={mode}
      sentence={
        typeof until === "string"
          ? t().effect.invalidEnd
          : closingSentences({
              sites,
              mode,
              until,
              now: now.value,
              settings: planned,
              message: closure.value.message ?? "",
            })
      }
      work={work}
      inputs={[JSON.stringify(closure.value)]}
      pointers={withFields ? ["/until", "/message", "/translations"] : []}
    >
      {(problem) => (
        <>
          {planned === null ? null : <Besides planned={planned} />}
          {only === null || typeof until === "string" ? null : (
            <YourOwnWay site={only} body={closeBody(sites, closure.value, until, { site: only, edits })} />
          )}
          {withFields ? (
            <ClosureFields
              sites={sites}
              closure={closure}
              endError={typeof until === "string" ? until : errorAt(problem, "/until")}
              noticeError={errorAt(problem, "/message") || errorAt(problem, "/translations")}
            />
          ) : null}
          {Object.keys(edits).length === 0 ? null : <p class="quiet">{t().switching.unsaved}</p>}
        </>
      )}
    </SwitchForm>
  );
}

/** Shows the languages of the message, and the exemptions. */
function Besides({ planned }: { readonly planned: SiteView }): JSX.Element {
  const languages = Object.keys(planned.notice.translations).map((tag) => formats().languageName(tag));
  return (
    <p class="quiet">
      {languages.length === 0 ? "" : `${t().switching.languages(languages)} `}
      {exemptionSentence(planned)}
    </p>
  );
}

/** Returns an invalid end as an error of the API, so that the form shows both in the same way. */
function wrongEnd(message: string): ApiError {
  return new ApiError({
    type: "about:blank",
    title: "",
    status: 422,
    code: "ERR_INVALID_TIME",
    detail: message,
    hint: "",
    errors: [{ pointer: "/until", message }],
  });
}
