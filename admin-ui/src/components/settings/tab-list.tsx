import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface TabListProps {
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly words: string }[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly children: ComponentChildren;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs over one panel. One of them is in the order of Tab; the arrows lead to the others. */
export function TabList({ label, tabs, chosen, onChoose, children }: TabListProps): JSX.Element {
  const id = useId();
  const index = tabs.findIndex((tab) => tab.id === chosen);
  return (
    <div class="tabbed">
      <div role="tablist" aria-label={label}>
        {tabs.map((tab, at) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${at}`}
            aria-selected={at === index}
            aria-controls={`${id}-panel`}
            tabIndex={at === index ? 0 : -1}
            onClick={() => onChoose(tab.id)}
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length];
              if (next === undefined) return;
              event.preventDefault();
              onChoose(next.id);
              document.getElementById(`${id}-${tabs.indexOf(next)}`)?.focus();
            }}
          >
            {tab.words}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${index}`}>
        {children}
      </div>
    </div>
  );
}
