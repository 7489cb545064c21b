import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExplainRequest, Explanation, SiteView } from "../../../src/admin/api-types.ts";
import { explain } from "../api.ts";
import { siteInSentence } from "../model/mode-words.ts";
import { errorAt } from "../model/problem-errors.ts";
import { useAction } from "../state/use-action.ts";
import { ExactField } from "./exact-field.tsx";
import { Field } from "./field.tsx";
import { ProblemNote } from "./problem-note.tsx";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const USERS = ["", "anonymous", "authenticated", "staff", "superuser"] as const;

/** Asks the same function that decides over requests. */
export function ExplainBox({ site }: { readonly site: SiteView }): JSX.Element {
  const path = useSignal("/");
  const method = useSignal("GET");
  const address = useSignal("");
  const user = useSignal<(typeof USERS)[number]>("");
  const answer = useSignal<Explanation | null>(null);
  const action = useAction();
  // What was true of the site before it changed is true no more.
  useEffect(() => {
    answer.value = null;
  }, [site.version, site.inForce.mode]);
  const ask = async (): Promise<void> => {
    answer.value = null;
    const given = address.value.trim();
    const request: ExplainRequest = {
      url: urlOf(site, path.value.trim()),
      method: method.value,
      ...(given === "" ? {} : { address: given }),
      ...(user.value === "" ? {} : { user: user.value }),
    };
    answer.value = await explain(request);
  };
  return (
    <form
      class="explain stack"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(ask);
      }}
    >
      <h3>Would this request get in, and why?</h3>
      <div class="row">
        <ExactField
          label="From address (optional)"
          error={errorAt(action.problem, "/address")}
          autoComplete="off"
          value={address}
        />
        <ExactField label="Path" error={errorAt(action.problem, "/url")} required autoComplete="off" value={path} />
        <Field label="Method" error={errorAt(action.problem, "/method")}>
          {(control) => (
            <select {...control} value={method.value} onChange={(event) => (method.value = event.currentTarget.value)}>
              {METHODS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="User">
          {(control) => (
            <select
              {...control}
              value={user.value}
              onChange={(event) => (user.value = USERS.find((kind) => kind === event.currentTarget.value) ?? "")}
            >
              {USERS.map((kind) => (
                <option key={kind} value={kind}>
                  {kind === "" ? "unknown" : kind}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div class="actions">
        <button type="submit">Ask</button>
      </div>
      <ProblemNote problem={action.problem} pointers={["/address", "/url", "/method"]} />
      <div aria-live="polite">{answer.value === null ? null : <Answer {...answer.value} />}</div>
    </form>
  );
}

function Answer({ decision, sentence, answer }: Explanation): JSX.Element {
  return (
    <div class="explanation" data-outcome={decision.outcome}>
      <p class="sentence">{sentence}</p>
      {"rule" in decision && decision.rule !== null ? (
        <p>
          By the rule <code>{decision.rule.text}</code> of {siteInSentence(decision.rule.source)}
          {decision.rule.description === "" ? "." : `: ${decision.rule.description}`}
        </p>
      ) : null}
      {answer === null ? null : (
        <details>
          <summary>What is sent: {answer.status}</summary>
          <dl class="headers">
            {answer.headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

/** A path is asked of the site whose page this is, by its first host that is no wildcard. */
function urlOf({ hosts }: SiteView, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  const host = hosts.find((name) => !name.startsWith("*")) ?? hosts[0]?.replace("*", "www");
  const absolute = path.startsWith("/") ? path : `/${path}`;
  return host === undefined ? absolute : `https://${host}${absolute}`;
}
