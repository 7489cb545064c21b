import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { TokenView } from "../../../src/admin/schema/responses.ts";
import { readTokens, revokeToken, signOutEverybody } from "../api.ts";
import { TokenForm } from "../components/access/token-form.tsx";
import { ProblemNote } from "../components/fields/problem-note.tsx";
import { useConfirm } from "../components/page/use-confirm.tsx";
import { formats, t } from "../language/current.ts";
import { fill } from "../language/said-text.tsx";
import { siteName } from "../model/mode-words.ts";
import { refusal } from "../model/rights-words.ts";
import { announce } from "../state/page/announcer.ts";
import { useAction } from "../state/page/use-action.ts";
import { now } from "../state/session/server-clock.ts";
import { loadSession, session } from "../state/session/session.ts";

/** Creates, lists and revokes tokens, and ends all sessions. */
export function TokensView(): JSX.Element {
  const texts = t().access;
  const tokens = useSignal<readonly TokenView[]>([]);
  const action = useAction();
  const confirm = useConfirm();
  const state = session.value;
  const refused = refusal(state.state === "in" ? state.session.may : [], "access", "*");
  const load = async (): Promise<void> => {
    tokens.value = await readTokens();
  };
  useEffect(() => {
    if (refused === null) void action.run(load);
  }, [refused]);
  if (refused !== null) {
    return (
      <>
        <h1 tabIndex={-1}>{t().nav.access}</h1>
        <p class="refused">{refused}</p>
      </>
    );
  }
  return (
    <div class="stack-wide">
      <div class="title">
        <h1 tabIndex={-1}>{t().nav.access}</h1>
      </div>
      <TokenForm onMade={load} />
      <div>
        <h2>{texts.tokens}</h2>
        <ProblemNote problem={action.problem} />
        {tokens.value.length === 0 ? <p class="quiet">{texts.noTokens}</p> : null}
        <ul class="rows">
          {tokens.value.map((token) => (
            <li key={token.id}>
              <div>
                <p>
                  {fill(
                    (name) =>
                      texts.tokenRights({ name, rights: token.may.map((right) => texts.rightName[right]).join(", ") }),
                    <strong>{token.name}</strong>,
                  )}
                </p>
                <p class="quiet">
                  {token.sites === null ? texts.allSites : texts.onlySites(token.sites.map(siteName))} {endWords(token)}{" "}
                  {texts.created({
                    by: token.created.by.label,
                    ago: formats().ago(Date.parse(token.created.at), now.value),
                  })}
                </p>
              </div>
              <button
                type="button"
                class="link"
                aria-label={t().revokeItem(token.name)}
                onClick={() =>
                  confirm.ask({
                    title: texts.askRevoke(token.name),
                    text: texts.revokeText,
                    deed: t().revoke,
                    work: () =>
                      void action.run(async () => {
                        await revokeToken(token.id);
                        announce(texts.revoked(token.name));
                        await load();
                      }),
                  })
                }
              >
                {t().revoke}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div class="stack">
        <h2>{texts.sessions}</h2>
        <p class="actions">
          <button
            type="button"
            onClick={() =>
              confirm.ask({
                title: texts.askSignOutEveryone,
                text: texts.signOutEveryoneText,
                deed: texts.signOutEveryone,
                work: () =>
                  void action.run(async () => {
                    await signOutEverybody();
                    await loadSession(t().access.everyoneSignedOut);
                  }),
              })
            }
          >
            {texts.signOutEveryone}
          </button>
        </p>
      </div>
      {confirm.dialog}
    </div>
  );
}

function endWords({ expires }: TokenView): string {
  const texts = t().access;
  return expires === null ? texts.noExpiry : texts.expires(formats().hour(Date.parse(expires), now.value));
}
