import type { SiteView } from "../../../src/admin/schema/responses.ts";
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

/** The choices for one closure that is not carried out yet. `null` if not chosen: then the stored setting applies. */
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

/** The exemptions that end when the site opens. */
export function exemptionsOfClosure({ exemptions, afterwards }: SiteView): readonly Exemption[] {
  const lasting = afterwards?.exemptions;
  if (lasting === undefined) return [];
  const [ranges, patterns] = [lasting.addresses.map(({ range }) => range), lasting.paths.map(({ pattern }) => pattern)];
  return [
    ...exemptions.addresses.map(
      ({ range, description }) => ({ kind: "addresses", value: range, description }) as const,
    ),
    ...exemptions.paths.map(({ pattern, description }) => ({ kind: "paths", value: pattern, description }) as const),
  ].filter(({ kind, value }) => !(kind === "addresses" ? ranges : patterns).includes(value));
}

/** A site as it would be with what was typed for it. */
export function withEdits(site: SiteView, edits: Edits): SiteView {
  const settings = settingsWith(site, valuesOf(edits));
  return { ...site, ...settings, hosts: [...new Set([...site.configuredHosts, ...(settings.hosts ?? site.hosts)])] };
}

/** A site as it would be, closed so: the texts in other languages that are shown beside the message go on counting. */
export function withClosure(site: SiteView, { message, texts, exempt }: Closure): SiteView {
  const { addresses, paths } = listsOf(exempt);
  const before = site.notice.translations;
  const changed = Object.entries(texts).map(([tag, text]) => {
    return [tag, { title: before[tag]?.title ?? "", message: text.trim() === "" ? "" : text }] as const;
  });
  const translations = Object.entries({ ...before, ...Object.fromEntries(changed) });
  return {
    ...site,
    notice: {
      ...site.notice,
      message: message === null ? site.notice.message : message.trim(),
      translations: Object.fromEntries(translations.filter(([, it]) => it.title !== "" || it.message !== "")),
    },
    exemptions: {
      addresses: [...site.exemptions.addresses, ...addresses],
      paths: [...site.exemptions.paths, ...paths],
    },
  };
}

/**
 * Returns the body of the request. Unsaved edits on the other parts of a single site apply to this closure too, and end with it, except
 * hosts, which are not part of a closure.
 */
export function closeBody(
  sites: readonly SiteView[],
  closure: Closure,
  until: number | null,
  typed: { readonly site: SiteView; readonly edits: Edits } | null,
): CloseBody {
  const { hosts: _, ...settings } = typed === null ? {} : settingsWith(typed.site, valuesOf(typed.edits));
  const notice = typed === null ? wordsForAll(closure) : wordsForOne({ ...typed.site, ...settings }, closure, settings);
  const asNow = endChoiceOf(sites, closure).kind === "as-now";
  return {
    sites: sites.map(({ id }) => id),
    mode: modeOf(sites, closure),
    ...(asNow ? {} : { until: until === null ? null : instantOf(until) }),
    ...settings,
    ...(Object.keys(notice).length === 0 ? {} : { notice }),
    ...(closure.exempt.length === 0 ? {} : { exempt: listsOf(closure.exempt) }),
  };
}

/** All that is shown, whole: with a new message the API drops the translations that do not come with it. */
function wordsForOne(site: SiteView, closure: Closure, typed: Pick<CloseBody, "notice">): Partial<SiteView["notice"]> {
  const { notice } = withClosure(site, closure);
  if (typed.notice !== undefined) return notice;
  if (closure.message === null && Object.keys(closure.texts).length === 0) return {};
  return { message: notice.message, translations: notice.translations };
}

/** For several sites, each site's own setting applies where nothing is typed. */
function wordsForAll({ message, texts }: Closure): Partial<SiteView["notice"]> {
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const translations = Object.fromEntries(written.map(([tag, text]) => [tag, { title: "", message: text }]));
  return {
    ...(message === null ? {} : { message: message.trim() }),
    ...(written.length === 0 ? {} : { translations }),
  };
}

function listsOf(exempt: readonly Exemption[]): Pick<SiteView["exemptions"], "addresses" | "paths"> {
  const of = (kind: ExemptionKind): readonly Exemption[] => exempt.filter((one) => one.kind === kind);
  return {
    addresses: of("addresses").map(({ value, description }) => ({ range: value, description })),
    paths: of("paths").map(({ value, description }) => ({ pattern: value, description })),
  };
}
