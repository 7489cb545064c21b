import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SiteView as Site } from "../../../src/admin/schema/responses.ts";
import { unicodeHost } from "../../../src/rules/hosts/unicode.ts";
import { errorWords } from "../api.ts";
import { StateLine } from "../components/closure/state-line.tsx";
import { SwitchPart } from "../components/closure/switch-part.tsx";
import { ExemptionsPart } from "../components/exemptions/exemptions-part.tsx";
import { HistoryList } from "../components/history/history-list.tsx";
import { LinksPart } from "../components/links/links-part.tsx";
import { AnswerPart } from "../components/settings/answer-part.tsx";
import { ConflictPanel } from "../components/settings/conflict-panel.tsx";
import { MessagePart } from "../components/settings/message-part.tsx";
import { SaveBar } from "../components/settings/save-bar.tsx";
import { t } from "../language/current.ts";
import { siteName } from "../model/mode-words.ts";
import { EVERYTHING, routeTo, type SitePart } from "../model/route.ts";
import { announce } from "../state/page/announcer.ts";
import { noticeSignedOut } from "../state/session/session.ts";
import { loadSite, siteSignal } from "../state/sites/site-cache.ts";

const PARTS: readonly SitePart[] = ["switch", "exemptions", "links", "message", "answer", "history"];

export function SiteView({ id, part }: { readonly id: string; readonly part: SitePart }): JSX.Element {
  const site = siteSignal(id).value;
  useEffect(() => {
    loadSite(id).catch((error: Error) => {
      if (!noticeSignedOut(error)) announce(errorWords(error), "failed");
    });
  }, [id]);
  return (
    <>
      <p class="back">
        <a href={routeTo({ view: "sites" })}>
          <span aria-hidden="true">←</span>
          {t().sites}
        </a>
      </p>
      <div class="title">
        <h1 tabIndex={-1}>{siteName(id)}</h1>
        {site instanceof Object ? <SiteFacts site={site} withState={part !== "switch"} /> : null}
      </div>
      {site === null ? <p class="quiet">{t().loading}</p> : null}
      {typeof site === "string" ? <p role="alert">{site}</p> : null}
      {site instanceof Object ? (
        <>
          <PartLinks id={id} part={part} />
          <ConflictPanel key={`${id}-conflict`} site={site} />
          <Part site={site} part={part} />
          <SaveBar site={site} />
        </>
      ) : null}
    </>
  );
}

/** On the switch's own part the state is the largest thing, and said there. */
function SiteFacts({ site, withState }: { readonly site: Site; readonly withState: boolean }): JSX.Element {
  return (
    <>
      {site.hosts.length === 0 ? null : <p class="quiet">{site.hosts.map(unicodeHost).join(", ")}</p>}
      {withState ? <StateLine site={site} /> : null}
    </>
  );
}

/** One row, which scrolls where it is longer than the screen. */
function PartLinks({ id, part }: { readonly id: string; readonly part: SitePart }): JSX.Element {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.clientWidth / 3;
  }, [part]);
  return (
    <nav ref={nav} class="parts" aria-label={siteName(id)}>
      <ul>
        {PARTS.map((one) => (
          <li key={one}>
            <a
              href={routeTo({ view: "site", site: id, part: one })}
              aria-current={one === part ? "page" : undefined}
              data-words={t().parts[one]}
            >
              {t().parts[one]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Part({ site, part }: { readonly site: Site; readonly part: SitePart }): JSX.Element {
  switch (part) {
    case "switch":
      return <SwitchPart site={site} />;
    case "message":
      return <MessagePart site={site} />;
    case "exemptions":
      return <ExemptionsPart site={site} />;
    case "links":
      return <LinksPart site={site} />;
    case "answer":
      return <AnswerPart site={site} />;
    case "history":
      return (
        <section>
          <h2 tabIndex={-1}>{t().parts.history}</h2>
          <HistoryList filter={{ ...EVERYTHING, site: site.id }} />
        </section>
      );
  }
}
