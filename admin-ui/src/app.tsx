import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { SignInAgain } from "./components/access/sign-in-again.tsx";
import { CloseDialog } from "./components/closure/close-dialog.tsx";
import { OpenDialog } from "./components/closure/open-dialog.tsx";
import { Announcer } from "./components/page/announcer.tsx";
import { FleetLine } from "./components/page/fleet-line.tsx";
import { HealthBanner } from "./components/page/health-banner.tsx";
import { LanguageChoice } from "./components/page/language-choice.tsx";
import { PageHeader } from "./components/page/page-header.tsx";
import { t } from "./language/current.ts";
import { siteName } from "./model/mode-words.ts";
import type { Route } from "./model/route.ts";
import { pendingSwitch } from "./state/drafts/pending-switch.ts";
import { announcement, dismissAnnouncement } from "./state/page/announcer.ts";
import { route } from "./state/page/current-route.ts";
import { useFleet } from "./state/session/fleet.ts";
import { INSTALLATION } from "./state/session/installation.ts";
import { session } from "./state/session/session.ts";
import { useLiveChanges } from "./state/sites/use-live-changes.ts";
import { HistoryView } from "./views/history-view.tsx";
import { LinksView } from "./views/links-view.tsx";
import { SignInView } from "./views/sign-in-view.tsx";
import { SiteView } from "./views/site-view.tsx";
import { SitesView } from "./views/sites-view.tsx";
import { TokensView } from "./views/tokens-view.tsx";
import { UnknownView } from "./views/unknown-view.tsx";

export function App(): JSX.Element {
  const state = session.value;
  const shown = route.value;
  const main = useRef<HTMLElement>(null);
  useTitle(state.state === "in" ? titleOf(shown) : t().signIn);
  useFocusAfterSignIn(state.state);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a fragment is a route here, so that the focus is moved by hand */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t().nav.skip}
      </a>
      {state.state === "in" ? <PageHeader session={state.session} /> : null}
      <main ref={main} id="main" tabIndex={-1}>
        {state.state === "loading" ? <p class="quiet">{t().loading}</p> : null}
        {state.state === "out" ? <SignInView {...state} /> : null}
        {state.state === "in" ? <SignedIn shown={shown} /> : null}
        {state.state === "in" && state.ended !== null ? <SignInAgain {...state.ended} /> : null}
      </main>
      <LanguageChoice />
      <Announcer />
    </>
  );
}

function SignedIn({ shown }: { readonly shown: Route }): JSX.Element {
  useLiveChanges();
  useFleet();
  useHeadingFocus(shown);
  const pending = pendingSwitch.value;
  return (
    <>
      <HealthBanner />
      <FleetLine />
      <View shown={shown} />
      {pending?.deed === "close" ? <CloseDialog sites={pending.sites} withFields={pending.withFields} /> : null}
      {pending?.deed === "open" ? <OpenDialog sites={pending.sites} /> : null}
    </>
  );
}

function View({ shown }: { readonly shown: Route }): JSX.Element {
  switch (shown.view) {
    case "sites":
      return <SitesView />;
    case "site":
      return <SiteView key={shown.site} id={shown.site} part={shown.part} />;
    case "links":
      return <LinksView />;
    case "history":
      return <HistoryView filter={shown.filter} />;
    case "tokens":
      return <TokensView />;
    case "unknown":
      return <UnknownView />;
  }
}

function titleOf(shown: Route): string {
  const { nav, sites, notFound } = t();
  const titles = { sites, links: nav.links, history: nav.history, tokens: nav.access, unknown: notFound.title };
  return shown.view === "site" ? siteName(shown.site) : titles[shown.view];
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${INSTALLATION}`;
  }, [title]);
}

/** The form that had the focus is gone, or the button that ended the session. */
function useFocusAfterSignIn(state: "loading" | "in" | "out"): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== "loading" && before.current !== state)
      document.querySelector<HTMLElement>("main h1")?.focus();
    before.current = state;
  }, [state]);
}

/** After each change of view the keyboard and the screen reader are at its heading; on the first they are where the browser put them. */
function useHeadingFocus(shown: Route): void {
  const before = useRef(shown);
  useEffect(() => {
    const last = before.current;
    before.current = shown;
    if (last === shown || (last.view === "history" && shown.view === "history")) return;
    if (announcement.peek()?.undo === undefined) dismissAnnouncement();
    const samePage = last.view === "site" && shown.view === "site" && last.site === shown.site;
    document.querySelector<HTMLElement>(samePage ? "main h2" : "main h1")?.focus();
    if (!samePage) scrollTo(0, 0);
  }, [shown]);
}
