import type { JSX } from "preact";
import { formats, t } from "../../language/current.ts";
import type { Said } from "../../language/said.ts";
import { type EndChoice, endOf, localInputValue } from "../../model/end-choice.ts";
import { zoneName } from "../../model/zone-name.ts";
import { now, readClock } from "../../state/session/server-clock.ts";
import { Choice, type Option } from "../fields/choice.tsx";
import { Field } from "../fields/field.tsx";

interface EndFieldProps {
  readonly value: EndChoice;
  readonly onChange: (value: EndChoice) => void;
  readonly error: Said;
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

const MINUTE_MS = 60_000;

/** When the closure ends automatically. */
export function EndField({ value, onChange, error, current }: EndFieldProps): JSX.Element {
  const all = endOptions();
  const others = current === null ? all.filter((option) => option.value !== "never") : all;
  const options = current === undefined ? all : [asNow(current), ...others];
  const choose = (key: Key): void =>
    onChange(key === "at" ? { kind: "at", local: localInputValue(readClock() + 3_600_000) } : CHOICES[key]);
  return (
    <>
      <Choice
        legend={t().end.legend}
        options={options}
        value={keyOf(value)}
        onChange={choose}
        error={value.kind === "at" ? "" : error}
      />
      {value.kind === "at" ? (
        <Field label={t().end.atLabel} hint={zoneName()} error={error}>
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

function endOptions(): readonly Option<Key>[] {
  const { never, at } = t().end;
  const { span, hour } = formats();
  const tomorrow = endOf(CHOICES.tomorrow, now.value, null);
  return [
    { value: "never", words: never },
    { value: "half-hour", words: span(30 * MINUTE_MS) },
    { value: "two-hours", words: span(120 * MINUTE_MS) },
    { value: "tomorrow", words: capitalised(hour(Number(tomorrow), now.value)) },
    { value: "at", words: at },
  ];
}

function capitalised(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function asNow(end: number | null): Option<Key> {
  const { asNow: unchanged, asNowNone } = t().end;
  return { value: "as-now", words: end === null ? asNowNone : unchanged(formats().hour(end, now.value)) };
}

function keyOf(value: EndChoice): Key {
  if (value.kind === "after") return value.minutes === 30 ? "half-hour" : "two-hours";
  return value.kind;
}
