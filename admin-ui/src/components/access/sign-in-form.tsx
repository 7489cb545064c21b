import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../../../../src/admin/schema/types.ts";
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
      {note === "" ? null : <p role="status">{note}</p>}
      {advice === null ? null : <p class="sentence">{advice}</p>}
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
            label={chosen === "password" ? "Password" : "Token"}
            error={action.retryAt === null ? refusalWords(action.problem) : ""}
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
          {action.retryAt === null ? null : (
            <Countdown words="Too many tries came from here." until={action.retryAt} onEnd={action.forget} />
          )}
          <div class="actions">
            <button type="submit" class="primary" disabled={action.retryAt !== null}>
              {action.busy ? "One moment …" : "Sign in"}
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
                {chosen === "password" ? "Use a token" : "Use the password"}
              </button>
            ) : null}
          </div>
        </form>
      )}
      {ways.application ? (
        <p class={none ? "sentence" : "quiet"}>
          {none ? "Sign in to the application, then " : "Or sign in to the application, then "}
          <button type="button" class="link" onClick={() => application.run(() => signInWith("application", ""))}>
            come back here
          </button>
          .
        </p>
      ) : null}
      <ProblemNote problem={application.problem} />
    </>
  );
}

/** Of what was tried: no session has ended. */
function refusalWords(problem: Problem | null): string {
  if (problem === null) return "";
  return problem.status === 401 || problem.status === 403 ? join(problem) : problemWords(problem);
}

/** The hint to a 401 is for programs, that to a 403 says how to open the page. */
function join({ status, detail, hint }: Problem): string {
  return status === 401 ? detail : `${detail} ${hint}`;
}
