import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Field } from "../components/fields/field.tsx";
import { HistoryList } from "../components/history/history-list.tsx";
import { t } from "../language/current.ts";
import { actionWords } from "../model/history-words.ts";
import { type HistoryFilter, routeTo } from "../model/route.ts";
import { goTo } from "../state/page/current-route.ts";

const PAUSE = 400;

export function HistoryView({ filter }: { readonly filter: HistoryFilter }): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const choose = (change: Partial<HistoryFilter>, pause: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => goTo({ view: "history", filter: { ...filter, ...change } }), pause);
  };
  const text = (name: "site" | "by", label: string): JSX.Element => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          autoCapitalize="none"
          autoComplete="off"
          spellcheck={false}
          defaultValue={filter[name]}
          onInput={(event) => choose({ [name]: event.currentTarget.value.trim() }, PAUSE)}
        />
      )}
    </Field>
  );
  const any = filter.site !== "" || filter.by !== "" || filter.command !== "";
  return (
    <>
      <div class="title">
        <h1 tabIndex={-1}>{t().nav.history}</h1>
      </div>
      <search class="filter-row">
        {text("site", t().history.site)}
        {text("by", t().history.by)}
        <Field label={t().history.action}>
          {(control) => (
            <select
              {...control}
              value={filter.command}
              onChange={(event) => choose({ command: event.currentTarget.value }, 0)}
            >
              <option value="">{t().history.everything}</option>
              {actionWords().map(([command, words]) => (
                <option key={command} value={command}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
      </search>
      {any ? (
        <p>
          <a href={routeTo({ view: "history", filter: { site: "", by: "", command: "" } })}>{t().history.showAll}</a>
        </p>
      ) : null}
      <HistoryList filter={filter} />
    </>
  );
}
