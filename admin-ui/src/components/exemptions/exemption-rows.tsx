import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { addExemption, removeExemption } from "../../api.ts";
import { t } from "../../language/current.ts";
import type { ExemptionKind } from "../../model/closure.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { announce } from "../../state/page/announcer.ts";
import { useAction } from "../../state/page/use-action.ts";
import { keepSite } from "../../state/sites/site-cache.ts";
import { Choice } from "../fields/choice.tsx";
import { ExactField } from "../fields/exact-field.tsx";
import { Field } from "../fields/field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";
import { useConfirm } from "../page/use-confirm.tsx";
import { OwnAddress } from "./own-address.tsx";

interface ExemptionRowsProps {
  readonly site: SiteView;
  readonly kind: ExemptionKind;
  readonly rows: readonly ExemptionRow[];
}

export interface ExemptionRow {
  readonly value: string;
  readonly description: string;
  /** It ends when the site opens. */
  readonly untilOpen: boolean;
}

const values = createDrafts("");
const descriptions = createDrafts("");
const lives = createDrafts<"closure" | "good">("closure");

/** Exempt addresses or paths, one a row, each with why it is there and how long it holds. */
export function ExemptionRows({ site, kind, rows }: ExemptionRowsProps): JSX.Element {
  const texts = t().exemptions;
  const words = wordsOf(kind);
  const mayEdit = site.may.includes("edit");
  const isOpen = site.mode === "open";
  const value = values.of(`${site.id} ${kind}`);
  const description = descriptions.of(`${site.id} ${kind}`);
  const life = lives.of(site.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const action = useAction();
  const confirm = useConfirm();
  const remove = (row: ExemptionRowsProps["rows"][number]): void => {
    void action.run(async () => {
      keepSite(await removeExemption(site.id, kind, row.value));
      announce(texts.removed(row.value), "done", async () => keepSite(await addExemption(site.id, { kind, ...row })));
      heading.current?.focus();
    });
  };
  return (
    <div>
      <h3 ref={heading} tabIndex={-1}>
        {words.heading}
      </h3>
      {rows.length === 0 ? <p class="quiet">{words.none}</p> : null}
      <ul class="rows">
        {rows.map((row) => (
          <li key={row.value}>
            <div>
              <code>{row.value}</code>
              <p class="quiet">{rowWords(row, site.id)}</p>
            </div>
            <button
              type="button"
              class="link"
              disabled={!mayEdit}
              aria-label={t().removeItem(row.value)}
              onClick={() => remove(row)}
            >
              {t().remove}
            </button>
          </li>
        ))}
      </ul>
      {kind === "addresses" && mayEdit ? (
        <OwnAddress
          rows={rows}
          onUse={(address) => {
            value.value = address;
          }}
        />
      ) : null}
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          const untilOpen = !isOpen && life.peek() === "closure";
          const added = { kind, value: value.peek().trim(), description: description.peek().trim(), untilOpen };
          const add = async (): Promise<void> => {
            keepSite(await addExemption(site.id, added));
            value.value = "";
            description.value = "";
            announce(untilOpen ? texts.addedUntil({ item: added.value, site: site.id }) : texts.added(added.value));
          };
          void action.run(async () => {
            const { warnings } = await addExemption(site.id, added, true);
            const news = warnings.filter((warning) => !site.warnings.includes(warning));
            if (news.length === 0) await add();
            else
              confirm.ask({
                title: texts.askAdd(added.value),
                text: { english: news.join(" ") },
                deed: texts.addAnyway,
                work: () => void action.run(add),
              });
          });
        }}
      >
        <fieldset class="plain inline-fields" disabled={!mayEdit}>
          <legend class="unseen">{words.add}</legend>
          <ExactField
            label={words.one}
            hint={words.hint}
            error={errorAt(action.problem, `/${kind}`)}
            required
            autoComplete="off"
            value={value}
          />
          <Field label={texts.description} hint={texts.descriptionHint}>
            {(control) => (
              <input
                {...control}
                maxLength={200}
                value={description.value}
                onInput={(event) => (description.value = event.currentTarget.value)}
              />
            )}
          </Field>
          {isOpen ? null : (
            <Choice
              legend={texts.valid}
              options={[
                { value: "closure", words: texts.untilOpen(site.id) },
                { value: "good", words: texts.permanent },
              ]}
              value={life.value}
              onChange={(next) => {
                life.value = next;
              }}
            />
          )}
          <button type="submit">{words.add}</button>
        </fieldset>
        <ProblemNote problem={action.problem} pointers={[`/${kind}`]} />
      </form>
      {confirm.dialog}
    </div>
  );
}

function rowWords({ description, untilOpen }: ExemptionRow, site: string): string {
  return [description, untilOpen ? t().exemptions.untilOpen(site) : ""].filter((part) => part !== "").join(" · ");
}

function wordsOf(kind: ExemptionKind): Readonly<Record<"heading" | "one" | "hint" | "none" | "add", string>> {
  const texts = t().exemptions;
  return kind === "addresses"
    ? {
        heading: texts.addresses,
        one: texts.address,
        hint: texts.addressHint,
        none: texts.noAddresses,
        add: texts.addAddress,
      }
    : { heading: texts.paths, one: texts.path, hint: texts.pathHint, none: texts.noPaths, add: texts.addPath };
}
