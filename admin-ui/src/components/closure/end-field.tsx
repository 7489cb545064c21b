import type { JSX } from "preact";
import { type EndChoice, localInputValue } from "../../model/end-choice.ts";
import { hourWords, zoneName } from "../../model/time-words.ts";
import { now, readClock } from "../../state/session/server-clock.ts";
import { Choice, type Option } from "../fields/choice.tsx";
import { Field } from "../fields/field.tsx";

interface EndFieldProps {
  readonly value: EndChoice;
  readonly onChange: (value: EndChoice) => void;
  readonly error: string;
  /** The stored end of a site that is closed already; `undefined`: it is open. */
  readonly current?: number | null;
}

type Key = "as-now" | "never" | "half-hour" | "two-hours" | "tomorrow" | "at";

const CHOICES: Readonly<Record<Exclude<Key, "at">, EndChoice>> = {
  "as-now": { kind: "as-now" },
  "half-hour": { kind: "after", minutes: 30 },
  "two-hours": { kind: "after", minutes: 120 },
  tomorrow: { kind: "tomorrow" },
  never: { kind: "never" },
};

const OPTIONS: readonly Option<Key>[] = [
  { value: "never", words: "No end" },
  { value: "half-hour", words: "30 minutes" },
  { value: "two-hours", words: "2 hours" },
  { value: "tomorrow", words: "Tomorrow 06:00" },
  { value: "at", words: "Day and hour" },
];

/** When the closure ends automatically. */
export function EndField({ value, onChange, error, current }: EndFieldProps): JSX.Element {
  const others = current === null ? OPTIONS.filter((option) => option.value !== "never") : OPTIONS;
  const options = current === undefined ? OPTIONS : [asNow(current), ...others];
  const choose = (key: Key): void =>
    onChange(key === "at" ? { kind: "at", local: localInputValue(readClock() + 3_600_000) } : CHOICES[key]);
  return (
    <>
      <Choice
        legend="Until"
        options={options}
        value={keyOf(value)}
        onChange={choose}
        error={value.kind === "at" ? "" : error}
      />
      {value.kind === "at" ? (
        <Field label="Day and hour of the end" hint={zoneName()} error={error}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={value.local}
              onInput={(event) => onChange({ kind: "at", local: event.currentTarget.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

function asNow(end: number | null): Option<Key> {
  return { value: "as-now", words: end === null ? "As now: no end" : `As now: ${hourWords(end, now.value)}` };
}

function keyOf(value: EndChoice): Key {
  if (value.kind === "after") return value.minutes === 30 ? "half-hour" : "two-hours";
  return value.kind;
}
