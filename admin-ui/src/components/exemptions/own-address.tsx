import type { JSX } from "preact";
import { t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";
import { session } from "../../state/session/session.ts";

interface OwnAddressProps {
  readonly rows: readonly { readonly value: string }[];
  readonly onUse: (address: string) => void;
}

/** An operator who closes a site wants to see it, and few know their own address. What to think of first is said beside it. */
export function OwnAddress({ rows, onUse }: OwnAddressProps): JSX.Element | null {
  const state = session.value;
  const { address, addressWarning } = state.state === "in" ? state.session : { address: null, addressWarning: null };
  if (address === null || rows.some((row) => row.value === address)) return null;
  return (
    <div class="quiet own-address">
      <p>
        {fill((own) => t().exemptions.ownAddress(own), <code>{address}</code>)}{" "}
        <button type="button" class="link" onClick={() => onUse(address)}>
          {t().exemptions.useOwn}
        </button>
      </p>
      {addressWarning === null ? null : (
        <p class="caution" lang="en">
          {addressWarning}
        </p>
      )}
    </div>
  );
}
