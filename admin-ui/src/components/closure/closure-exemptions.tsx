import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { close } from "../../api.ts";
import { t } from "../../language/current.ts";
import { type Exemption, exemptionsOfClosure } from "../../model/closure.ts";
import { errorAt } from "../../model/problem-errors.ts";
import { createDrafts } from "../../state/drafts/drafts.ts";
import { useAction } from "../../state/page/use-action.ts";
import { OwnAddress } from "../exemptions/own-address.tsx";
import { ExactField } from "../fields/exact-field.tsx";
import { ProblemNote } from "../fields/problem-note.tsx";

interface ClosureExemptionsProps {
  readonly sites: readonly SiteView[];
  readonly exempt: readonly Exemption[];
  readonly onChange: (exempt: readonly Exemption[]) => void;
}

const values = createDrafts("");
const descriptions = createDrafts("");

/** The exemptions of this closure only. */
export function ClosureExemptions({ sites, exempt, onChange }: ClosureExemptionsProps): JSX.Element {
  const ids = sites.map(({ id }) => id);
  const value = values.of(ids.join(" "));
  const description = descriptions.of(ids.join(" "));
  const action = useAction();
  const [only] = sites.length === 1 ? sites : [];
  const chosen = new Set(exempt.map((one) => one.value));
  const inForce = only === undefined ? [] : exemptionsOfClosure(only).filter((one) => !chosen.has(one.value));
  const add = (): void => {
    if (value.peek().trim() === "") return;
    void action.run(async () => {
      const typed = value.peek().trim();
      const added = { kind: kindOf(typed), value: typed, description: description.peek().trim() } as const;
      const item = { description: added.description };
      await close({
        sites: ids,
        exempt:
          added.kind === "paths"
            ? { paths: [{ pattern: typed, ...item }], addresses: [] }
            : { paths: [], addresses: [{ range: typed, ...item }] },
        dryRun: true,
      });
      onChange([...exempt.filter((one) => one.value !== typed), added]);
      value.value = "";
      description.value = "";
    });
  };
  return (
    <fieldset class="plain stack">
      <legend>{t().exemptions.ofClosure}</legend>
      {exempt.length + inForce.length === 0 ? null : (
        <ul class="rows">
          {/* Those in force are removed where every exemption is. */}
          {inForce.map((one) => (
            <li key={one.value}>
              <div>
                <code>{one.value}</code>
                <p class="quiet">{one.description}</p>
              </div>
            </li>
          ))}
          {exempt.map((one) => (
            <li key={one.value}>
              <div>
                <code>{one.value}</code>
                <p class="quiet">{one.description}</p>
              </div>
              <button
                type="button"
                class="link"
                aria-label={t().removeItem(one.value)}
                onClick={() => onChange(exempt.filter(({ value: other }) => other !== one.value))}
              >
                {t().remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      <OwnAddress
        rows={[...exempt, ...sites.flatMap((site) => site.exemptions.addresses.map(({ range }) => ({ value: range })))]}
        onUse={(address) => {
          value.value = address;
        }}
      />
      {/* Within the form of a dialog there is no other form: Enter adds, and closes nothing. */}
      <div class="inline-fields">
        <ExactField
          label={t().exemptions.addressOrPath}
          hint={t().exemptions.addressOrPathHint}
          error={errorAt(action.problem, "/exempt")}
          autoComplete="off"
          value={value}
          onEnter={add}
        />
        <ExactField
          label={t().exemptions.description}
          hint={t().exemptions.descriptionHint}
          maxLength={200}
          value={description}
          onEnter={add}
        />
        <button type="button" onClick={add}>
          {action.busy ? t().working : t().exemptions.add}
        </button>
      </div>
      <ProblemNote problem={action.problem} pointers={["/exempt"]} />
    </fieldset>
  );
}

/** A path begins with `/` or `re:`; anything else is an address. */
function kindOf(typed: string): Exemption["kind"] {
  return typed.startsWith("/") || typed.startsWith("re:") ? "paths" : "addresses";
}
