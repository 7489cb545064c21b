import type { JSX } from "preact";
import { routeTo } from "../model/route.ts";

export function UnknownView(): JSX.Element {
  return (
    <div class="stack">
      <h1 tabIndex={-1}>No such page</h1>
      <p class="sentence">
        There is no page at <code>{location.hash}</code>.
      </p>
      <p>
        <a href={routeTo({ view: "sites" })}>Back to the sites</a>
      </p>
    </div>
  );
}
