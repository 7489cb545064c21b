import type { SiteView } from "../../../src/admin/schema/types.ts";
import { unicodeHost } from "../../../src/rules/hosts/unicode.ts";
import type { SiteSettings } from "./field.ts";
import type { ClosingMode, Mode } from "./mode-words.ts";
import { count, hourWords, spanWords, zoneName } from "./time-words.ts";

export interface ClosingPlan {
  readonly sites: readonly Pick<SiteView, "id" | "hosts">[];
  readonly mode: ClosingMode;
  /** Epoch milliseconds. */
  readonly until: number | null;
  readonly now: number;
  /** Of the one site, with what is being typed; `null` where each of several sites has its own. */
  readonly settings: SiteSettings | null;
  /** The message of this closure; `""`: none. */
  readonly message: string;
}

/** What the switch will do, before it is done. */
export function closingSentence(plan: ClosingPlan): string {
  return `${visitorsOf(plan.sites)}${whereWords(plan.settings)} ${effectWords(plan)}, ${endWords(plan)}.`;
}

/** `everything`: the mode of the switch over all sites, which goes on counting. */
export function openingSentence(sites: readonly Pick<SiteView, "id" | "hosts">[], everything: Mode): string {
  if (everything !== "open" && !sites.some(({ id }) => id === "*"))
    return `${visitorsOf(sites)} do not get in yet: the switch over all sites is ${everything} too.`;
  return `${visitorsOf(sites)} get in again at once. What was set for this closure ends with it.`;
}

function visitorsOf(sites: readonly Pick<SiteView, "id" | "hosts">[]): string {
  const [first, second, ...more] = sites;
  if (first === undefined) return "No visitors";
  if (sites.some(({ id }) => id === "*")) return "Visitors of every site";
  if (second === undefined) {
    return first.hosts.length === 0
      ? `Visitors of all that belongs to ${first.id}`
      : `Visitors of ${hostWords(first.hosts)}`;
  }
  const names = sites.slice(0, 3).map(({ id }) => id);
  const rest = more.length - 1;
  const list = rest > 0 ? `${names.join(", ")} and ${rest.toLocaleString("en-GB")} more` : listWords(names);
  return `Visitors of ${count(sites.length, "site")} (${list})`;
}

function hostWords(all: readonly string[]): string {
  const hosts = all.map(unicodeHost);
  return hosts.length > 3
    ? `${hosts.slice(0, 2).join(", ")} and ${count(hosts.length - 2, "more host")}`
    : listWords(hosts);
}

function whereWords(settings: SiteSettings | null): string {
  return settings === null || settings.paths.length === 0 ? "" : `, under ${listWords(settings.paths)} only,`;
}

function effectWords({ mode, settings, message }: ClosingPlan): string {
  if (mode === "read-only") return "can read, and change nothing";
  if (settings !== null && settings.response.redirect !== null) return `are sent to ${settings.response.redirect}`;
  const words = message || settings?.notice.title || settings?.notice.message || "";
  return words === ""
    ? `will see ${settings === null ? "each site’s own page" : "the built-in page"}`
    : `will see “${shorten(words)}”`;
}

function endWords({ until, now, sites }: ClosingPlan): string {
  if (until === null) return `until ${sites.length === 1 ? "it is" : "they are"} opened again`;
  return `for ${spanWords(until - now)}, until ${hourWords(until, now)} (${zoneName()})`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line;
}

/** `a`, `a and b`, `a, b and c` */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
