import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { SiteView } from "../../../src/admin/api-types.ts";
import { siteInSentence } from "../model/mode-words.ts";

interface BigSwitchProps {
  readonly site: SiteView;
  /** Why it cannot be used. */
  readonly refused: string | null;
  readonly onPress: () => void;
}

/** The largest thing on the screen. It says what it will do, and shows where it stands. */
export function BigSwitch({ site, refused, onPress }: BigSwitchProps): JSX.Element {
  const id = useId();
  return (
    <>
      <button
        type="button"
        class="big-switch"
        data-mode={site.mode}
        disabled={refused !== null}
        aria-describedby={refused === null ? undefined : id}
        onClick={onPress}
      >
        <span class="track" data-mode={site.mode} aria-hidden="true" />
        <span>
          {site.mode === "open" ? "Close" : "Open"} {siteInSentence(site.id)}
        </span>
      </button>
      {refused === null ? null : (
        <p class="refused" id={id}>
          {refused}
        </p>
      )}
    </>
  );
}
