import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../state/announcer.ts";
import { type ListQuery, listQuery, searchSites } from "../state/site-list.ts";
import { Field } from "./field.tsx";

const MODES = [
  { value: "", words: "All" },
  { value: "open", words: "Open" },
  { value: "read-only", words: "Read-only" },
  { value: "closed", words: "Closed" },
] as const;
const PAUSE = 200;

export function SiteFilter(): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { search, mode } = listQuery.value;
  const ask = (query: ListQuery): void => {
    searchSites(query).catch((error: Error) => announce(error.message, "failed"));
  };
  return (
    <search class="filter">
      <Field label="Search">
        {(control) => (
          <input
            {...control}
            type="search"
            placeholder="Name, host"
            autoComplete="off"
            spellcheck={false}
            defaultValue={search}
            onInput={(event) => {
              const typed = event.currentTarget.value.trim();
              clearTimeout(timer.current);
              timer.current = setTimeout(() => ask({ ...listQuery.value, search: typed }), PAUSE);
            }}
          />
        )}
      </Field>
      <Field label="Show">
        {(control) => (
          <select
            {...control}
            value={mode}
            onChange={(event) => ask({ ...listQuery.value, mode: event.currentTarget.value })}
          >
            {MODES.map(({ value, words }) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
    </search>
  );
}
