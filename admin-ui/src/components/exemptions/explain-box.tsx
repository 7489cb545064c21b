import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ExplainRequest } from "../../../../src/admin/schema/requests.ts";
import type { Explanation, SiteView } from "../../../../src/admin/schema/responses.ts";
import { explain } from "../../api.ts";
import { t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";
import { decisionWords } from "../../model/decision-words.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { sourceOfRule } from "../../model/rule-source.ts";
import { siteUrlOf } from "../../model/site-url.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { useAction } from "../../state/page/use-action.ts";
import { ExactField } from "../fields/exact-field.tsx";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const USERS = ["", "anonymous", "authenticated", "staff", "superuser"] as const;

const paths = createDrafts("/");
const methods = createDrafts("GET");
const addresses = createDrafts("");
const users = createDrafts<(typeof USERS)[number]>("");

/** Asks the same function that decides over requests. */
export function ExplainBox({ site }: { readonly site: SiteView }): JSX.Element {
  const path = paths.of(site.id);
  const method = methods.of(site.id);
  const address = addresses.of(site.id);
  const user = users.of(site.id);
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
      url: siteUrlOf(site, path.value.trim()),
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
      <h3>{t().explain.title}</h3>
      <div class="row">
        <ExactField
          label={t().explain.address}
          error={errorAt(action.problem, "/address")}
          autoComplete="off"
          value={address}
        />
        <ExactField
          label={t().exemptions.path}
          error={errorAt(action.problem, "/url")}
          required
          autoComplete="off"
          value={path}
        />
        <Field label={t().explain.method} error={errorAt(action.problem, "/method")}>
          {(control) => (
            <select {...control} value={method.value} onChange={(event) => (method.value = event.currentTarget.value)}>
              {METHODS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t().explain.user}>
          {(control) => (
            <select
              {...control}
              value={user.value}
              onChange={(event) => (user.value = USERS.find((kind) => kind === event.currentTarget.value) ?? "")}
            >
              {USERS.map((kind) => (
                <option key={kind} value={kind}>
                  {t().explain.users[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div class="actions">
        <button type="submit">{t().explain.submit}</button>
      </div>
      <ProblemNote problem={action.problem} pointers={["/address", "/url", "/method"]} />
      <div aria-live="polite">{answer.value === null ? null : <Answer {...answer.value} />}</div>
    </form>
  );
}

function Answer({ decision, answer, remarks, ifClosed }: Explanation): JSX.Element {
  const source = "rule" in decision && decision.rule !== null ? sourceOfRule(decision.rule.source) : "";
  return (
    <div class="explanation stack" data-outcome={(ifClosed?.decision ?? decision).outcome}>
      <p class="sentence">{decisionWords(decision)}</p>
      {ifClosed === null ? null : (
        <p class="sentence">
          <strong>{t().explain.ifClosed}</strong> {decisionWords(ifClosed.decision)}
        </p>
      )}
      {"rule" in decision && decision.rule !== null ? (
        <p>
          {fill((rule) => t().explain.rule({ rule, source }), <code>{decision.rule.text}</code>)}
          {decision.rule.description === "" ? "" : ` · ${decision.rule.description}`}
        </p>
      ) : null}
      {remarks.length === 0 ? null : (
        <p class="quiet" lang="en">
          {remarks.join(" ")}
        </p>
      )}
      {answer === null ? null : (
        <details>
          <summary>{t().explain.answer(answer.status)}</summary>
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
