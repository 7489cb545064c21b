import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";

interface CountdownProps {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly onEnd: () => void;
}

/** How long to wait, second by second. A screen reader hears it once. */
export function Countdown({ until, onEnd }: CountdownProps): JSX.Element {
  const left = useSignal(secondsTo(until));
  useEffect(() => {
    left.value = secondsTo(until);
    const timer = setInterval(() => {
      left.value = secondsTo(until);
      if (left.value === 0) onEnd();
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <div role="timer" aria-live="off">
      <p class="error">
        {fill((left) => t().access.countdown(left), <strong class="countdown">{clockWords(left.value)}</strong>)}
      </p>
    </div>
  );
}

function secondsTo(moment: number): number {
  return Math.max(0, Math.ceil((moment - Date.now()) / 1_000));
}

/** `0:42`, `14:03` */
function clockWords(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
