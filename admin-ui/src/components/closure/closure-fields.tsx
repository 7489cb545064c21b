import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import type { Said } from "../../language/said.ts";
import { type Closure, endChoiceOf, modeOf } from "../../model/closure.ts";
import { Choice } from "../fields/choice.tsx";
import { ClosureExemptions } from "./closure-exemptions.tsx";
import { ClosureTexts } from "./closure-texts.tsx";
import { EndField } from "./end-field.tsx";

interface ClosureFieldsProps {
  readonly sites: readonly SiteView[];
  readonly closure: Signal<Closure>;
  readonly endError: Said;
  readonly noticeError: Said;
}

const MODES = ["closed", "read-only"] as const;

/** The settings of one closure: mode, end, message and exemptions. */
export function ClosureFields({ sites, closure, endError, noticeError }: ClosureFieldsProps): JSX.Element {
  const [first] = sites;
  const current = sites.length === 1 && first !== undefined && first.mode !== "open" ? endOfSite(first) : undefined;
  const change = (next: Partial<Closure>): void => {
    closure.value = { ...closure.peek(), ...next };
  };
  return (
    <>
      <EndField
        value={endChoiceOf(sites, closure.value)}
        onChange={(end) => change({ end: end.kind === "as-now" ? null : end })}
        error={endError}
        {...(current === undefined ? {} : { current })}
      />
      <Choice
        legend={t().end.mode}
        options={MODES.map((value) => ({ value, words: t().modes[value] }))}
        value={modeOf(sites, closure.value)}
        onChange={(mode) => change({ mode })}
      />
      <ClosureTexts sites={sites} closure={closure.value} onChange={change} error={noticeError} />
      <ClosureExemptions sites={sites} exempt={closure.value.exempt} onChange={(exempt) => change({ exempt })} />
    </>
  );
}

function endOfSite({ until }: SiteView): number | null {
  return until === null ? null : Date.parse(until);
}
