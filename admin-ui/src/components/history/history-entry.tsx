import type { JSX } from "preact";
import type { HistoryEntryView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import { fieldLabel, isEmpty, valueWords } from "../../model/field-words.ts";
import { entryWords, wayWords } from "../../model/history-words.ts";
import { siteName } from "../../model/mode-words.ts";
import { now } from "../../state/session/server-clock.ts";

export function HistoryEntry({ entry }: { readonly entry: HistoryEntryView }): JSX.Element {
  const at = Date.parse(entry.at);
  const several = entry.sites.length > 1;
  return (
    <li>
      <p>
        <strong>{entryWords(entry)}</strong>
      </p>
      <p class="quiet">
        {entry.by.label} ·{" "}
        <time dateTime={entry.at}>
          {formats().ago(at, now.value)} ({formats().hour(at, now.value)})
        </time>{" "}
        · {wayWords(entry.by)}
      </p>
      {entry.reason === "" ? null : <p>{t().history.reason(entry.reason)}</p>}
      {entry.sites.map(({ site, changes }) =>
        changes.length === 0 ? null : (
          <dl key={site} class="changes">
            {changes.map(({ member, before, after }) => (
              <div key={member}>
                <dt>
                  {several
                    ? t().history.member({ site: siteName(site), member: fieldLabel(member) })
                    : fieldLabel(member)}
                </dt>
                <dd dir="auto">
                  {isEmpty(before) ? null : (
                    <>
                      <del>
                        <span class="unseen">{t().history.before} </span>
                        {memberWords(member, before)}
                      </del>{" "}
                      <span aria-hidden="true">→</span>{" "}
                    </>
                  )}
                  <ins>
                    <span class="unseen">{t().history.after} </span>
                    {memberWords(member, after)}
                  </ins>
                </dd>
              </div>
            ))}
          </dl>
        ),
      )}
    </li>
  );
}

function memberWords(member: string, value: unknown): string {
  if (member === "until" && typeof value === "string") return formats().hour(Date.parse(value), now.value);
  const modes: Readonly<Record<string, string>> = t().modes;
  if (member === "mode" && typeof value === "string") return modes[value] ?? value;
  return valueWords(value);
}
