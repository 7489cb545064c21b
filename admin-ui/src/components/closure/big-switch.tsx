import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { StateLine } from "./state-line.tsx";

interface BigSwitchProps {
  readonly site: SiteView;
  /** Why it cannot be used. */
  readonly refused: string | null;
  readonly onPress: () => void;
}

/** The largest things on the screen: how the site is, and the button that changes it. */
export function BigSwitch({ site, refused, onPress }: BigSwitchProps): JSX.Element {
  const id = useId();
  const words = site.mode === "open" ? t().close(site.id) : t().switching.open(site.id);
  return (
    <div class="big-switch">
      <StateLine site={site} />
      <button
        type="button"
        class="primary"
        data-mode={site.mode === "open" ? "closed" : "open"}
        disabled={refused !== null}
        aria-describedby={refused === null ? undefined : id}
        onClick={onPress}
      >
        {words}
      </button>
      {refused === null ? null : (
        <p class="refused" id={id}>
          {refused}
        </p>
      )}
    </div>
  );
}
