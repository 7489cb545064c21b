import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { SiteView } from "../../../src/admin/api-types.ts";
import { addExemption, type NewExemption, removeExemption } from "../api.ts";
import { errorAt } from "../model/problem-errors.ts";
import { announce } from "../state/announcer.ts";
import { keepSite } from "../state/site-cache.ts";
import { useAction } from "../state/use-action.ts";
import { ExactField } from "./exact-field.tsx";
import { Field } from "./field.tsx";
import { OwnAddress } from "./own-address.tsx";
import { ProblemNote } from "./problem-note.tsx";

interface ExemptionRowsProps {
  readonly site: SiteView;
  readonly kind: NewExemption["kind"];
  readonly rows: readonly { readonly value: string; readonly description: string }[];
}

const WORDS = {
  addresses: {
    heading: "Addresses",
    one: "Address or range",
    hint: "10.0.0.42, or a range such as 10.0.0.0/8",
    none: "No address is exempt yet.",
    add: "Let this address in",
  },
  paths: {
    heading: "Paths",
    one: "Path",
    hint: "/health, or all below such as /blog/*",
    none: "No path is exempt yet.",
    add: "Let this path through",
  },
} as const;

/** Exempt addresses or paths, one a row, each with why it is there. */
export function ExemptionRows({ site, kind, rows }: ExemptionRowsProps): JSX.Element {
  const words = WORDS[kind];
  const mayEdit = site.may.includes("edit");
  const value = useSignal("");
  const description = useSignal("");
  const heading = useRef<HTMLHeadingElement>(null);
  const action = useAction();
  const remove = (row: ExemptionRowsProps["rows"][number]): void => {
    void action.run(async () => {
      keepSite(await removeExemption(site.id, kind, row.value));
      announce(`${row.value} is not exempt any more.`, "done", async () =>
        keepSite(await addExemption(site.id, { kind, ...row })),
      );
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
              <p class="quiet">{row.description}</p>
            </div>
            <button
              type="button"
              class="link"
              disabled={!mayEdit}
              aria-label={`Remove ${row.value}`}
              onClick={() => remove(row)}
            >
              Remove
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
          void action.run(async () => {
            const added = { kind, value: value.value.trim(), description: description.value.trim() };
            keepSite(await addExemption(site.id, added));
            value.value = "";
            description.value = "";
            announce(`${added.value} is exempt.`);
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
          <Field label="Description" hint="Who or what that is">
            {(control) => (
              <input
                {...control}
                maxLength={200}
                value={description.value}
                onInput={(event) => (description.value = event.currentTarget.value)}
              />
            )}
          </Field>
          <button type="submit">{words.add}</button>
        </fieldset>
        <ProblemNote problem={action.problem} pointers={[`/${kind}`]} />
      </form>
    </div>
  );
}
