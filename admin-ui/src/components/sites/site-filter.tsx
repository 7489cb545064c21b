import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { errorWords } from "../../api.ts";
import { t } from "../../language/current.ts";
import { announce } from "../../state/page/announcer.ts";
import { noticeSignedOut } from "../../state/session/session.ts";
import { type ListQuery, listQuery, searchSites } from "../../state/sites/site-list.ts";
import { Field } from "../fields/field.tsx";

const PAUSE = 200;

export function SiteFilter(): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { search, mode, sort } = listQuery.value;
  const ask = (query: ListQuery): void => {
    searchSites(query).catch((error: Error) => {
      if (!noticeSignedOut(error)) announce(errorWords(error), "failed");
    });
  };
  const texts = t().list;
  const modes = [
    { value: "", words: texts.all },
    ...(["open", "read-only", "closed"] as const).map((value) => ({ value, words: t().modes[value] })),
  ];
  const orders = [
    { value: "", words: texts.byName },
    { value: "closed", words: texts.closedFirst },
    { value: "changed", words: texts.lastChanged },
  ];
  return (
    <search class="filter">
      <Field label={t().search}>
        {(control) => (
          <input
            {...control}
            type="search"
            placeholder={texts.searchHint}
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
      <Choose
        label={texts.show}
        options={modes}
        value={mode}
        onChange={(next) => ask({ ...listQuery.value, mode: next })}
      />
      <Choose
        label={texts.order}
        options={orders}
        value={sort}
        onChange={(next) => ask({ ...listQuery.value, sort: next })}
      />
    </search>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly words: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choose({ label, options, value, onChange }: ChooseProps): JSX.Element {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
