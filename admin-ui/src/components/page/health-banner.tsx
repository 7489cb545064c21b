import type { JSX } from "preact";
import { MODE_WORDS } from "../../model/mode-words.ts";
import { agoWords } from "../../model/time-words.ts";
import { lostSince } from "../../state/session/connection.ts";
import { health } from "../../state/session/health.ts";
import { now } from "../../state/session/server-clock.ts";

/** Says what makes every switch powerless, or this page old, for as long as it does. */
export function HealthBanner(): JSX.Element | null {
  const told = health.value;
  if (lostSince.value !== null) {
    return (
      <aside class="banner connection" aria-label="Connection">
        <h2>The admin cannot be reached: what you see may be old.</h2>
        <p>It last answered {agoWords(lostSince.value, now.value)}. This page goes on trying.</p>
      </aside>
    );
  }
  if (told === null) return null;
  const { override, state, error, lastContact, store } = told;
  if (override !== null) {
    return (
      <aside class="banner" aria-label="Override">
        <h2>An override is set: no switch has any effect.</h2>
        <p>
          {override.where} says {MODE_WORDS[override.mode].toLowerCase()}, and beats what is stored. Remove it there
          first.
        </p>
      </aside>
    );
  }
  if (state !== "stale") return null;
  return (
    <aside class="banner" aria-label="Store">
      <h2>The store does not answer: a switch may fail.</h2>
      <p>
        {store}: {error === null ? "no answer." : `${error.message} ${error.hint}`}
        {lastContact === null ? "" : ` Last heard of ${agoWords(Date.parse(lastContact), now.value)}.`} Visitors meet
        what was known then.
      </p>
    </aside>
  );
}
