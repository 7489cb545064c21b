import type { JSX } from "preact";
import type { SessionView } from "../../../src/admin/api-types.ts";
import { EVERYTHING, type Route, routeTo } from "../model/route.ts";
import { announce } from "../state/announcer.ts";
import { route } from "../state/current-route.ts";
import { signOutHere } from "../state/session.ts";

export function PageHeader({ session }: { readonly session: SessionView }): JSX.Element {
  const { view } = route.value;
  const links: readonly { readonly words: string; readonly to: Route; readonly current: boolean }[] = [
    { words: "Sites", to: { view: "sites" }, current: view === "sites" || view === "site" },
    { words: "Links", to: { view: "links" }, current: view === "links" },
    { words: "History", to: { view: "history", filter: EVERYTHING }, current: view === "history" },
    ...(session.may.includes("access")
      ? [{ words: "Access", to: { view: "tokens" } as const, current: view === "tokens" }]
      : []),
  ];
  return (
    <header class="page-header">
      <nav aria-label="Main">
        <ul>
          {links.map(({ words, to, current }) => (
            <li key={words}>
              <a href={routeTo(to)} aria-current={current ? "page" : undefined} data-words={words}>
                {words}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="who">
        <span>{session.name}</span>
        {session.via === "application" ? null : (
          <button
            type="button"
            class="link"
            onClick={() => signOutHere().catch((error: Error) => announce(error.message, "failed"))}
          >
            Sign out
          </button>
        )}
      </p>
    </header>
  );
}
