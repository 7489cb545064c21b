import type { JSX } from "preact";
import { t } from "../language/current.ts";
import { fill } from "../language/said-text.tsx";
import { routeTo } from "../model/route.ts";

export function UnknownView(): JSX.Element {
  return (
    <div class="stack">
      <h1 tabIndex={-1}>{t().notFound.title}</h1>
      <p class="sentence">{fill((address) => t().notFound.text(address), <code>{location.hash}</code>)}</p>
      <p>
        <a href={routeTo({ view: "sites" })}>{t().notFound.back}</a>
      </p>
    </div>
  );
}
