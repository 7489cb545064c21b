import type { JSX } from "preact";
import type { Follower } from "../../../../src/control/fleet/follower.ts";
import { formats, t } from "../../language/current.ts";
import { fleetSentence, processName } from "../../model/fleet-words.ts";
import { fleet } from "../../state/session/fleet.ts";
import { now } from "../../state/session/server-clock.ts";

/** The processes that follow, with what each has applied; nothing where the store keeps no list. */
export function FleetPart(): JSX.Element | null {
  const effect = fleet.value;
  const sentence = effect && fleetSentence(effect);
  if (effect === null || sentence === null) return null;
  const texts = t().fleet;
  const processes = effect.list === "read" ? effect.processes : [];
  const unnamed = effect.list === "read" ? effect.unnamed : [];
  return (
    <section class="fleet" aria-labelledby="fleet">
      <h2 id="fleet">{texts.title}</h2>
      <p class="quiet">{sentence}</p>
      {effect.list === "unreachable" ? (
        <p class="quiet" lang="en">
          {effect.reason} {effect.hint}
        </p>
      ) : null}
      {processes.length === 0 ? null : (
        <ul>
          {processes.map((one) => (
            <Process key={one.id} process={one} name={processName(one, processes)} />
          ))}
        </ul>
      )}
      {unnamed.map((group) => (
        <p key={group}>{texts.noGroup(group)}</p>
      ))}
    </section>
  );
}

function Process({ process, name }: { readonly process: Follower; readonly name: string }): JSX.Element {
  const { state, heard, library, host } = process;
  const { states, heard: heardWords } = t().fleet;
  const where = host === null || host === name ? [] : [host];
  const facts = [
    ...where,
    ...(library === null ? [] : [library]),
    ...(heard === null ? [] : [heardWords(formats().ago(now.value - heard, now.value))]),
  ];
  return (
    <li data-state={state}>
      <span class="process">{name}</span> <span class="process-state">{states[state]}</span>{" "}
      <span class="quiet">{facts.join(" · ")}</span>
    </li>
  );
}
