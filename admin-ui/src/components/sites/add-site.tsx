import type { JSX } from "preact";
import { addSite } from "../../api.ts";
import { t } from "../../language/current.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { announce } from "../../state/page/announcer.ts";
import { goTo } from "../../state/page/current-route.ts";
import { useAction } from "../../state/page/use-action.ts";
import { keepSite } from "../../state/sites/site-cache.ts";
import { ExactField } from "../fields/exact-field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";

const ids = createDrafts("");
const hostsOf = createDrafts("");

export function AddSite({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const id = ids.of("");
  const hosts = hostsOf.of("");
  const action = useAction();
  return (
    <form
      class="stack apart"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(async () => {
          const site = await addSite(id.value.trim(), hosts.value.split(/[\s,]+/).filter(Boolean));
          keepSite(site);
          announce(t().list.added(site.id));
          id.value = "";
          hosts.value = "";
          onDone();
          goTo({ view: "site", site: site.id, part: "switch" });
        });
      }}
    >
      <h2>{t().list.addTitle}</h2>
      <ExactField
        label={t().list.name}
        hint={t().list.nameHint}
        error={errorAt(action.problem, "/site")}
        required
        value={id}
      />
      <ExactField
        label={t().list.hostsField}
        hint={t().list.hostsHint}
        error={errorAt(action.problem, "/hosts")}
        value={hosts}
      />
      <ProblemNote problem={action.problem} pointers={["/site", "/hosts"]} />
      <div class="actions">
        <button type="submit" class="primary">
          {t().list.add}
        </button>
        <button type="button" onClick={onDone}>
          {t().cancel}
        </button>
      </div>
    </form>
  );
}
