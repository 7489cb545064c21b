import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { HeldView } from "../../../../src/control/barrier/held.ts";
import { isAbandoned } from "../../../../src/control/barrier/is-abandoned.ts";
import { formats, t } from "../../language/current.ts";
import { now } from "../../state/session/server-clock.ts";

/** Says who holds a site closed, since when, and whether that may have crashed. */
export function HeldNote({ held }: { readonly held: HeldView }): JSX.Element {
  const { label, host, pid, since, quiet } = held;
  const texts = t().held;
  const at = (moment: number): string => formats().hour(moment, now.value);
  const who = label === "" ? texts.command : `${label} (${host}, pid ${pid})`;
  return (
    <p class="sentence">
      {texts.by({ who, since: since === "" ? "?" : at(Date.parse(since)) })}
      {isAbandoned(held) ? ` ${texts.silent(at(now.value - quiet))}` : ""}
    </p>
  );
}

interface HeldConfirmationProps {
  readonly held: readonly HeldView[];
  readonly anyway: Signal<boolean>;
}

/** Asks a second time before a running command loses the closure that it needs. */
export function HeldConfirmation({ held, anyway }: HeldConfirmationProps): JSX.Element {
  return (
    <div role="alert" class="stack">
      {held.map((one) => (
        <HeldNote key={one.id} held={one} />
      ))}
      <p>{t().held.stops}</p>
      <label class="check">
        <input
          type="checkbox"
          required
          checked={anyway.value}
          onChange={(event) => {
            anyway.value = event.currentTarget.checked;
          }}
        />
        <span>{t().held.anyway}</span>
      </label>
    </div>
  );
}
