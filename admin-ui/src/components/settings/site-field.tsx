import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { editField, shownValue } from "../../model/edits.ts";
import type { FieldKey, FieldValue } from "../../model/field.ts";
import { errorAt, pointerOf } from "../../model/problem-errors.ts";
import { saveProblemOf } from "../../state/drafts/save-site.ts";
import { editsOf, setEdits } from "../../state/drafts/site-edits.ts";
import { type ControlProps, Field } from "../fields/field.tsx";

interface SiteFieldProps {
  readonly site: SiteView;
  readonly name: FieldKey;
  readonly label: string;
  readonly hint?: string;
  /** `optional`: empty means `null`. `lines`: a list, one a line. */
  readonly kind: "text" | "area" | "number" | "optional" | "lines";
  readonly lang?: string;
}

/** One setting of a site, as stored or as typed and not saved yet. */
export function SiteField({ site, name, label, hint = "", kind, lang }: SiteFieldProps): JSX.Element {
  const edits = editsOf(site.id);
  const text = textOf(shownValue(site, edits, name));
  const change = (typed: string): void =>
    setEdits(site.id, editField(site, editsOf(site.id), name, parseTyped(typed, kind)));
  const mayEdit = site.may.includes("edit");
  const onInput = (event: { readonly currentTarget: { readonly value: string } }): void =>
    change(event.currentTarget.value);
  const plain = kind === "text" || kind === "area";
  const shared = (control: ControlProps) => ({
    ...control,
    value: text,
    disabled: !mayEdit,
    onInput,
    dir: plain ? ("auto" as const) : ("ltr" as const),
    spellcheck: plain,
    ...(plain ? {} : { autoCapitalize: "none" as const }),
    ...(lang === undefined ? {} : { lang }),
  });
  return (
    <Field label={label} hint={hint} error={errorAt(saveProblemOf(site.id), pointerOf(name))}>
      {(control) =>
        kind === "area" || kind === "lines" ? (
          <textarea {...shared(control)} rows={Math.min(8, Math.max(3, text.split("\n").length))} />
        ) : (
          <input
            {...shared(control)}
            type="text"
            inputMode={kind === "number" ? ("numeric" as const) : ("text" as const)}
          />
        )
      }
    </Field>
  );
}

function textOf(value: FieldValue): string {
  if (value === null) return "";
  return typeof value === "object" ? value.join("\n") : String(value);
}

/** An invalid number is kept as typed: the API returns the error. */
function parseTyped(typed: string, kind: SiteFieldProps["kind"]): FieldValue {
  if (kind === "text" || kind === "area") return typed;
  if (kind === "lines") return typed === "" ? [] : typed.split("\n");
  if (typed.trim() === "") return null;
  return kind === "number" && /^\d+$/.test(typed.trim()) ? Number(typed) : typed;
}
