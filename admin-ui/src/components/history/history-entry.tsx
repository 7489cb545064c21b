import type { JSX } from "preact";
import type { HistoryEntryView } from "../../../../src/admin/schema/types.ts";
import { fieldLabel, isEmpty, valueWords } from "../../model/field-words.ts";
import { deedWords, sourceWords } from "../../model/history-words.ts";
import { siteName } from "../../model/mode-words.ts";
import { agoWords, hourWords } from "../../model/time-words.ts";
import { now } from "../../state/session/server-clock.ts";

export function HistoryEntry({ entry }: { readonly entry: HistoryEntryView }): JSX.Element {
  const at = Date.parse(entry.at);
  const several = entry.sites.length > 1;
  return (
    <li>
      <p>
        <strong>{entry.by.label}</strong> {deedWords(entry)}
      </p>
      <p class="quiet">
        <time dateTime={entry.at}>
          {agoWords(at, now.value)}, {hourWords(at, now.value)}
        </time>
        , {sourceWords(entry.by)}
      </p>
      {entry.reason === "" ? null : <p>Reason: {entry.reason}</p>}
      {entry.sites.map(({ site, changes }) =>
        changes.length === 0 ? null : (
          <dl key={site} class="changes">
            {changes.map(({ member, before, after }) => (
              <div key={member}>
                <dt>{several ? `${siteName(site)}: ${fieldLabel(member)}` : fieldLabel(member)}</dt>
                <dd dir="auto">
                  {isEmpty(before) ? null : (
                    <>
                      <del>
                        <span class="unseen">before: </span>
                        {memberWords(member, before)}
                      </del>{" "}
                      <span aria-hidden="true">→</span>{" "}
                    </>
                  )}
                  <ins>
                    <span class="unseen">after: </span>
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
  if (member === "until" && typeof value === "string") return hourWords(Date.parse(value), now.value);
  return valueWords(value);
}
