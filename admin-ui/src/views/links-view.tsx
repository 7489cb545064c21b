import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { LinkView } from "../../../src/admin/schema/responses.ts";
import { readLinks } from "../api.ts";
import { ProblemNote } from "../components/fields/problem-note.tsx";
import { LinkForm } from "../components/links/link-form.tsx";
import { LinkList } from "../components/links/link-list.tsx";
import { t } from "../language/current.ts";
import { refusal } from "../model/rights-words.ts";
import { useReading } from "../state/page/use-reading.ts";
import { session } from "../state/session/session.ts";
import { changes } from "../state/sites/changes.ts";
import { everythingMode } from "../state/sites/site-cache.ts";

/** The bypass links of every site. */
export function LinksView(): JSX.Element {
  const links = useSignal<readonly LinkView[]>([]);
  const seen = changes.value;
  const state = session.value;
  const may = state.state === "in" ? state.session.may : [];
  const refused = refusal(may, "links", "*");
  const problem = useReading(
    () => readLinks(""),
    (read) => {
      links.value = read;
    },
    [seen],
  );
  return (
    <div class="stack-wide">
      <div class="title">
        <h1 tabIndex={-1}>{t().links.title}</h1>
        <p class="quiet">{t().links.textAll}</p>
        {refused === null ? null : <p class="refused">{refused}</p>}
      </div>
      <ProblemNote problem={problem} />
      <LinkForm heading="h2" site="*" isClosed={everythingMode() !== "open"} disabled={refused !== null} />
      <LinkList site={null} links={links.value} mayRevoke={() => may.includes("links")} />
    </div>
  );
}
