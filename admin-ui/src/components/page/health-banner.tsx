import type { JSX } from "preact";
import { formats, t } from "../../language/current.ts";
import { lostSince } from "../../state/session/connection.ts";
import { health } from "../../state/session/health.ts";
import { now } from "../../state/session/server-clock.ts";

/** Says what makes every switch powerless, or this page old, for as long as it does. */
export function HealthBanner(): JSX.Element | null {
  const texts = t().health;
  const told = health.value;
  if (lostSince.value !== null) {
    return (
      <aside class="banner connection" aria-label={texts.connection}>
        <h2>{texts.lost}</h2>
        <p>{texts.reconnecting(formats().ago(lostSince.value, now.value))}</p>
      </aside>
    );
  }
  if (told === null) return null;
  const { override, state, error, lastContact, store } = told;
  if (override !== null) {
    return (
      <aside class="banner" aria-label={texts.override}>
        <h2>{texts.overridden}</h2>
        <p>{texts.overriddenBy({ where: override.where, mode: t().modes[override.mode] })}</p>
      </aside>
    );
  }
  if (state !== "stale") return null;
  return (
    <aside class="banner" aria-label={texts.store}>
      <h2>{texts.stale}</h2>
      <p>
        {error === null ? (
          texts.noResponse(store)
        ) : (
          <span lang="en">
            {store}: {error.message} {error.hint}
          </span>
        )}{" "}
        {lastContact === null ? "" : `${texts.lastContact(formats().ago(Date.parse(lastContact), now.value))} `}
        {texts.lastKnown}
      </p>
    </aside>
  );
}
