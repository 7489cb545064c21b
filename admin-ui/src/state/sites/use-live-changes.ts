import { useEffect } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { followChanges, type LiveListener } from "../../live.ts";
import { announce } from "../page/announcer.ts";
import { route } from "../page/current-route.ts";
import { keepHealth, loadHealth } from "../session/health.ts";
import { hasEnded, noticeSignedOut, session } from "../session/session.ts";
import { changes } from "./changes.ts";
import { isListed } from "./show-change.ts";
import { loadSite, siteSignal } from "./site-cache.ts";
import { reloadSites } from "./site-list.ts";

/** Changes within this time are read together. */
const READING_DELAY_MS = 150;
/** After a reading that failed: no other event may come for hours. */
const RETRY_DELAY_MS = 2_000;

/** Updates the screen when something changes on the server, while a user is signed in. */
export function useLiveChanges(): void {
  const paused = hasEnded();
  useEffect(() => {
    if (paused) return;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let touched: Set<string> | null = new Set();
    const onChange: LiveListener["onChange"] = (change) => {
      if (change !== null && isListed(change.version, change.sites)) {
        changes.value += 1;
        return;
      }
      // A script that closes a hundred sites one by one is one reading here.
      touched = change === null || touched === null ? null : new Set([...touched, ...change.sites]);
      readAfter(READING_DELAY_MS);
    };
    const readAfter = (delay: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const which = touched;
        touched = new Set();
        readAgain(which).catch((error: unknown) => {
          if (noticeSignedOut(error) || ended.signal.aborted) return;
          touched = null;
          readAfter(RETRY_DELAY_MS);
        });
      }, delay);
    };
    followChanges({ onChange, onHealth: ({ health }) => keepHealth(health) }, ended.signal);
    loadHealth().catch(noticeSignedOut);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [paused]);
}

async function readAgain(sites: ReadonlySet<string> | null): Promise<void> {
  changes.value += 1;
  const shown = route.value;
  if (sites === null || sites.has("*")) await loadSite("*");
  if (shown.view === "sites") await reloadSites();
  if (shown.view !== "site") return;
  // What is in force on a site may come from another, such as `*`.
  const before = siteSignal(shown.site).value;
  await loadSite(shown.site);
  const after = siteSignal(shown.site).value;
  if (sites !== null && before instanceof Object && after instanceof Object) tellNews(before, after);
  if (sites === null) await loadHealth();
}

/** Announces to screen readers what another user changed on the displayed site. */
function tellNews(before: SiteView, after: SiteView): void {
  const state = session.value;
  const mine = state.state === "in" && after.changed?.by.label === state.session.name;
  if (after.version === before.version || after.changed === null || mine) return;
  const { news, newMode } = t().state;
  const told = { by: after.changed.by.label, site: after.id };
  announce(before.mode === after.mode ? news(told) : newMode({ ...told, mode: t().modes[after.mode] }), "news");
}
