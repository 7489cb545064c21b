import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { isSilent, type Said } from "../../language/said.ts";
import { SaidText } from "../../language/said-text.tsx";
import { problemWords } from "../../model/problem-words.ts";
import { takeEarlyTyping } from "../../state/page/early-typing.ts";
import { useAction } from "../../state/page/use-action.ts";
import { type SignedOut, signInWith } from "../../state/session/session.ts";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";
import { Countdown } from "./countdown.tsx";

/** Says which ways in there are; where there is none, what to set. */
export function SignInForm({ ways, advice, note }: SignedOut): JSX.Element {
  const way = useSignal<"password" | "token">("password");
  const secret = useSignal("");
  const action = useAction(true);
  const application = useAction(true);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const early = takeEarlyTyping();
    if (early === null) return;
    secret.value = early;
    input.current?.focus();
  }, []);
  // A password that is not there any more cannot be chosen.
  const chosen = ways.password && ways.tokens ? way.value : ways.password ? "password" : "token";
  const none = !ways.password && !ways.tokens;
  return (
    <>
      {note === null || isSilent(note) ? null : (
        <p role="status">
          <SaidText said={note} />
        </p>
      )}
      {advice === null ? null : (
        <p class="sentence" lang="en">
          {advice}
        </p>
      )}
      {none ? null : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run(() => signInWith(chosen, secret.value));
          }}
        >
          {chosen === "password" ? <input type="text" hidden readOnly autoComplete="username" value="admin" /> : null}
          <Field
            label={chosen === "password" ? t().password : t().access.token}
            error={action.retryAt === null ? refusalWords(action.problem, chosen) : ""}
          >
            {(control) => (
              <input
                {...control}
                ref={input}
                type="password"
                autoComplete={chosen === "password" ? "current-password" : "off"}
                required
                value={secret.value}
                onInput={(event) => {
                  secret.value = event.currentTarget.value;
                }}
              />
            )}
          </Field>
          {action.retryAt === null ? null : <Countdown until={action.retryAt} onEnd={action.forget} />}
          <div class="actions">
            <button type="submit" class="primary" disabled={action.retryAt !== null}>
              {action.busy ? t().working : t().signIn}
            </button>
            {ways.password && ways.tokens ? (
              <button
                type="button"
                class="link"
                onClick={() => {
                  way.value = chosen === "password" ? "token" : "password";
                  secret.value = "";
                  action.forget();
                  input.current?.focus();
                }}
              >
                {chosen === "password" ? t().access.useToken : t().access.usePassword}
              </button>
            ) : null}
          </div>
        </form>
      )}
      {ways.application ? (
        <p class={none ? "sentence" : "quiet"}>
          {none ? t().applicationOnly : t().access.orApplication}{" "}
          <button type="button" class="link" onClick={() => application.run(() => signInWith("application", ""))}>
            {t().access.useApplication}
          </button>
        </p>
      ) : null}
      <ProblemNote problem={application.problem} />
    </>
  );
}

/** Of what was tried: no session has ended. */
function refusalWords(problem: Problem | null, way: "password" | "token"): Said {
  if (problem === null) return "";
  if (problem.status === 401 && way === "password") return t().wrongPassword;
  if (problem.status === 401) return t().access.wrongToken;
  // Its hint says how to open the page.
  return problem.status === 403 ? { english: `${problem.detail} ${problem.hint}` } : problemWords(problem);
}
