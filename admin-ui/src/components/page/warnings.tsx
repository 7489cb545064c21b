import type { JSX } from "preact";

interface WarningsProps {
  readonly heading: string;
  readonly warnings: readonly string[];
}

export function Warnings({ heading, warnings }: WarningsProps): JSX.Element {
  return (
    <div aria-live="polite">
      {warnings.length === 0 ? null : (
        <div class="warning">
          <h3>{heading}</h3>
          <ul>
            {warnings.map((warning) => (
              <li key={warning} lang="en">
                {warning}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
