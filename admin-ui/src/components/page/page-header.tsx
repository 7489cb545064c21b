import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SessionView } from "../../../../src/admin/schema/responses.ts";
import { errorWords } from "../../api.ts";
import { t } from "../../language/current.ts";
import { EVERYTHING, routeTo } from "../../model/route.ts";
import { announce } from "../../state/page/announcer.ts";
import { route } from "../../state/page/current-route.ts";
import { INSTALLATION } from "../../state/session/installation.ts";
import { signOutHere } from "../../state/session/session.ts";

/** Which installation this is, and the way to everything else: one row. On a phone that is behind a button. */
export function PageHeader({ session }: { readonly session: SessionView }): JSX.Element {
  const shown = route.value;
  const { view } = shown;
  const open = useSignal(false);
  useEffect(() => {
    open.value = false;
  }, [shown]);
  useEffect(() => {
    if (!open.value) return;
    const closeByEscape = (event: KeyboardEvent): void => {
      if (event.key === "Escape") open.value = false;
    };
    addEventListener("keydown", closeByEscape);
    return () => removeEventListener("keydown", closeByEscape);
  }, [open.value]);
  const { nav } = t();
  const links = [
    { words: t().sites, to: { view: "sites" } as const, current: view === "sites" || view === "site" },
    { words: nav.links, to: { view: "links" } as const, current: view === "links" },
    { words: nav.history, to: { view: "history", filter: EVERYTHING } as const, current: view === "history" },
    ...(session.may.includes("access")
      ? [{ words: nav.access, to: { view: "tokens" } as const, current: view === "tokens" }]
      : []),
  ];
  return (
    <header class="page-header">
      <p class="installation">{INSTALLATION}</p>
      <button
        type="button"
        class="link menu-button"
        aria-expanded={open.value}
        aria-controls="menu"
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {nav.menu}
      </button>
      <div id="menu" class="menu" data-open={open.value ? "" : undefined}>
        <nav aria-label={nav.main}>
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
              onClick={() => signOutHere().catch((error: Error) => announce(errorWords(error), "failed"))}
            >
              {t().signOut}
            </button>
          )}
        </p>
      </div>
    </header>
  );
}
