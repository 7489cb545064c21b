import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Problem } from "../../../src/admin/api-types.ts";
import { Choice } from "../components/choice.tsx";
import { Field } from "../components/field.tsx";
import { type SessionState, signInWith } from "../state/session.ts";
import { useAction } from "../state/use-action.ts";

type SignInViewProps = Omit<Extract<SessionState, { state: "out" }>, "state">;

/** Says which ways in there are; where there is none, what to set. */
export function SignInView({ ways, advice, note }: SignInViewProps): JSX.Element {
  const way = useSignal<"password" | "token">(ways.password ? "password" : "token");
  const secret = useSignal("");
  const action = useAction();
  const none = !ways.password && !ways.tokens;
  return (
    <div class="narrow">
      <h1 tabIndex={-1}>Sign in</h1>
      {note === "" ? null : <p role="status">{note}</p>}
      {advice === null ? null : <p class="sentence">{advice}</p>}
      {none && ways.application ? <p class="sentence">Sign in to the application first, then come back here.</p> : null}
      {none ? null : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run(() => signInWith(way.value, secret.value));
          }}
        >
          {ways.password && ways.tokens ? (
            <Choice
              legend="With"
              options={[
                { value: "password", words: "Password" },
                { value: "token", words: "Token" },
              ]}
              value={way.value}
              onChange={(next) => {
                way.value = next;
                secret.value = "";
              }}
            />
          ) : null}
          <Field label={way.value === "password" ? "Password" : "Token"} error={refusalWords(action.problem)}>
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete={way.value === "password" ? "current-password" : "off"}
                required
                value={secret.value}
                onInput={(event) => {
                  secret.value = event.currentTarget.value;
                }}
              />
            )}
          </Field>
          <div class="actions">
            <button type="submit" class="primary">
              {action.busy ? "One moment …" : "Sign in"}
            </button>
          </div>
        </form>
      )}
    </div>
  );
}

/** The hint to a 401 is for programs. */
function refusalWords(problem: Problem | null): string {
  if (problem === null) return "";
  return problem.status === 401 ? problem.detail : `${problem.detail} ${problem.hint}`;
}
