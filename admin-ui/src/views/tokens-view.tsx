import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { TokenView } from "../../../src/admin/schema/types.ts";
import { readTokens, revokeToken, signOutEverybody } from "../api.ts";
import { TokenForm } from "../components/access/token-form.tsx";
import { ProblemNote } from "../components/fields/problem-note.tsx";
import { useConfirm } from "../components/page/use-confirm.tsx";
import { siteName } from "../model/mode-words.ts";
import { refusal } from "../model/rights-words.ts";
import { agoWords, hourWords } from "../model/time-words.ts";
import { announce } from "../state/page/announcer.ts";
import { useAction } from "../state/page/use-action.ts";
import { now } from "../state/session/server-clock.ts";
import { loadSession, session } from "../state/session/session.ts";

/** Tokens for scripts and colleagues, and the end of every session. */
export function TokensView(): JSX.Element {
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
        <h1 tabIndex={-1}>Access</h1>
        <p class="refused">{refused}</p>
      </>
    );
  }
  return (
    <div class="stack-wide">
      <div class="title">
        <h1 tabIndex={-1}>Access</h1>
      </div>
      <TokenForm onMade={load} />
      <div>
        <h2>Tokens that stand</h2>
        <ProblemNote problem={action.problem} />
        {tokens.value.length === 0 ? <p class="quiet">There is none.</p> : null}
        <ul class="rows">
          {tokens.value.map((token) => (
            <li key={token.id}>
              <div>
                <p>
                  <strong>{token.name}</strong>: {token.may.join(", ")}
                </p>
                <p class="quiet">
                  {token.sites === null ? "Every site." : `${token.sites.map(siteName).join(", ")}.`} {endWords(token)}{" "}
                  Made by {token.created.by.label}, {agoWords(Date.parse(token.created.at), now.value)}.
                </p>
              </div>
              <button
                type="button"
                class="link"
                aria-label={`Revoke ${token.name}`}
                onClick={() =>
                  confirm.ask({
                    title: `Revoke ${token.name}?`,
                    text: "Whatever uses it is refused from then on. This cannot be undone.",
                    deed: "Revoke",
                    work: () =>
                      void action.run(async () => {
                        await revokeToken(token.id);
                        announce(`${token.name} is revoked.`);
                        await load();
                      }),
                  })
                }
              >
                Revoke
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div class="stack">
        <h2>Sessions</h2>
        <p class="actions">
          <button
            type="button"
            onClick={() =>
              confirm.ask({
                title: "Sign everybody out?",
                text: "Every session ends, yours too. Tokens go on.",
                deed: "Sign everybody out",
                work: () =>
                  void action.run(async () => {
                    await signOutEverybody();
                    await loadSession("Everybody is signed out.");
                  }),
              })
            }
          >
            Sign everybody out
          </button>
        </p>
      </div>
      {confirm.dialog}
    </div>
  );
}

function endWords({ expires }: TokenView): string {
  return expires === null ? "Holds until it is revoked." : `Holds until ${hourWords(Date.parse(expires), now.value)}.`;
}
