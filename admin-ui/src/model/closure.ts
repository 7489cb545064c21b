import type { SiteView } from "../../../src/admin/api-types.ts";
import type { CloseBody } from "../api.ts";
import { type Edits, valuesOf } from "./edits.ts";
import { type EndChoice, instantOf } from "./end-choice.ts";
import { settingsWith } from "./field.ts";
import type { ClosingMode } from "./mode-words.ts";

export type ExemptionKind = "addresses" | "paths";

export interface Exemption {
  readonly kind: ExemptionKind;
  readonly value: string;
  readonly description: string;
}

/** What was chosen for one closure and not carried out yet. `null`: not chosen, so that what is set counts. */
export interface Closure {
  readonly mode: ClosingMode | null;
  readonly end: EndChoice | null;
  readonly message: string | null;
  /** Messages by language tag, in the order in which they were added. */
  readonly texts: Readonly<Record<string, string>>;
  readonly exempt: readonly Exemption[];
}

export const NOTHING_CHOSEN: Closure = { mode: null, end: null, message: null, texts: {}, exempt: [] };

export function isChosen(closure: Closure): boolean {
  return JSON.stringify(closure) !== JSON.stringify(NOTHING_CHOSEN);
}

/** How a site is closed, or, while it is open, would be. */
export function modeOf(sites: readonly SiteView[], { mode }: Closure): ClosingMode {
  const readOnly = sites.length > 0 && sites.every((site) => site.mode === "read-only");
  return mode ?? (readOnly ? "read-only" : "closed");
}

/** A site that is closed keeps its end unless another is chosen. */
export function endChoiceOf(sites: readonly SiteView[], { end }: Closure): EndChoice {
  return end ?? { kind: sites.length > 0 && sites.every(({ mode }) => mode !== "open") ? "as-now" : "never" };
}

/** A site as it would be with what was typed for it. */
export function withEdits(site: SiteView, edits: Edits): SiteView {
  const settings = settingsWith(site, valuesOf(edits));
  return { ...site, ...settings, hosts: [...new Set([...site.configuredHosts, ...(settings.hosts ?? site.hosts)])] };
}

/** A site as it would be, closed so. */
export function withClosure(site: SiteView, { message, texts, exempt }: Closure): SiteView {
  const added = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const before = message === null ? site.notice.translations : {};
  const translations = {
    ...before,
    ...Object.fromEntries(added.map(([tag, text]) => [tag, { title: before[tag]?.title ?? "", message: text }])),
  };
  const { addresses, paths } = listsOf(exempt);
  return {
    ...site,
    notice: { ...site.notice, message: message ?? site.notice.message, translations },
    exemptions: {
      addresses: [...site.exemptions.addresses, ...addresses],
      paths: [...site.exemptions.paths, ...paths],
    },
  };
}

/**
 * What to send. What was typed on the site's other parts and not saved counts for this closure too, and ends with it; hosts are no part of
 * one.
 */
export function closeBody(
  sites: readonly SiteView[],
  closure: Closure,
  until: number | null,
  edits: { readonly site: SiteView; readonly edits: Edits } | null,
): CloseBody {
  const { message, texts, exempt } = closure;
  const { hosts: _, ...typed } = edits === null ? {} : settingsWith(edits.site, valuesOf(edits.edits));
  const translations = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const words = {
    ...(message === null ? {} : { message: message.trim() }),
    ...(translations.length === 0
      ? {}
      : { translations: Object.fromEntries(translations.map(([tag, text]) => [tag, { title: "", message: text }])) }),
  };
  const notice =
    edits !== null && typed.notice !== undefined ? withClosure({ ...edits.site, ...typed }, closure).notice : words;
  const asNow = endChoiceOf(sites, closure).kind === "as-now";
  return {
    sites: sites.map(({ id }) => id),
    mode: modeOf(sites, closure),
    ...(asNow ? {} : { until: until === null ? null : instantOf(until) }),
    ...typed,
    ...(Object.keys(notice).length === 0 ? {} : { notice }),
    ...(exempt.length === 0 ? {} : { exempt: listsOf(exempt) }),
  };
}

function listsOf(exempt: readonly Exemption[]): Pick<SiteView["exemptions"], "addresses" | "paths"> {
  const of = (kind: ExemptionKind): readonly Exemption[] => exempt.filter((one) => one.kind === kind);
  return {
    addresses: of("addresses").map(({ value, description }) => ({ range: value, description })),
    paths: of("paths").map(({ value, description }) => ({ pattern: value, description })),
  };
}
