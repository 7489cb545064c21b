import type { JSX } from "preact";
import { fleetSentence, isLate } from "../../model/fleet-words.ts";
import { changedNow, fleet } from "../../state/session/fleet.ts";

/** Says who has applied a change, for a moment after it, and for as long as a process has not. */
export function FleetLine(): JSX.Element {
  const effect = fleet.value;
  const shown = effect !== null && (changedNow.value || isLate(effect)) ? fleetSentence(effect) : null;
  return (
    <div role="status">
      {shown === null ? null : (
        <p class="fleet-line" data-late={effect !== null && isLate(effect) ? "" : undefined}>
          {shown}
        </p>
      )}
    </div>
  );
}
