import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { unicodeHost } from "../../../src/rules/hosts/unicode.ts";
import { formats, t } from "../language/current.ts";
import type { SiteSettings } from "./field.ts";
import type { ClosingMode, Mode } from "./mode-words.ts";
import { zoneName } from "./zone-name.ts";

type Switched = Pick<SiteView, "id" | "hosts">;

export interface ClosingPlan {
  readonly sites: readonly Switched[];
  readonly mode: ClosingMode;
  /** Epoch milliseconds. */
  readonly until: number | null;
  readonly now: number;
  /** Of the one site, with what is being typed; `null` where each of several sites has its own. */
  readonly settings: SiteSettings | null;
  /** The message of this closure; `""`: none. */
  readonly message: string;
}

/** Returns the effect of the switch in whole sentences, before it is made. */
export function closingSentences(plan: ClosingPlan): string {
  const { settings, until, now } = plan;
  const { only, endless, until: untilText } = t().effect;
  const end =
    until === null
      ? endless
      : untilText({ span: formats().span(until - now), end: formats().hour(until, now), zone: zoneName() });
  const paths = settings?.paths ?? [];
  return [effectSentence(plan), ...(paths.length === 0 ? [] : [only(paths)]), end].join(" ");
}

/** `everything`: the mode of the switch over all sites, which goes on counting. */
export function openingSentences(sites: readonly Switched[], everything: Mode): string {
  const { opens, staysClosed } = t().effect;
  if (everything === "open" || sites.some(({ id }) => id === "*")) return opens(visitorsOf(sites));
  return staysClosed({ visitors: visitorsOf(sites), mode: t().modes[everything] });
}

function effectSentence({ sites, mode, settings, message }: ClosingPlan): string {
  const { readOnly, redirect, ownPages, builtIn, message: messageText } = t().effect;
  const visitors = visitorsOf(sites);
  if (mode === "read-only") return readOnly(visitors);
  if (settings !== null && settings.response.redirect !== null)
    return redirect({ visitors, address: settings.response.redirect });
  const shown = message || settings?.notice.title || settings?.notice.message || "";
  if (shown !== "") return messageText({ visitors, message: shorten(shown) });
  return settings === null ? ownPages(visitors) : builtIn(visitors);
}

function visitorsOf(sites: readonly Switched[]): string {
  const { visitorsOfAll, visitorsOfGroup, visitorsOfHosts, visitorsOfSites } = t().effect;
  const [first, ...others] = sites;
  if (first === undefined || sites.some(({ id }) => id === "*")) return visitorsOfAll;
  if (others.length === 0) {
    return first.hosts.length === 0
      ? visitorsOfGroup(first.id)
      : visitorsOfHosts(firstOf(first.hosts.map(unicodeHost)));
  }
  const { hosts: names, more } = firstOf(sites.map(({ id }) => id));
  return visitorsOfSites({ count: sites.length, names, more });
}

/** Up to four by name; of more, three and how many others there are. */
function firstOf(hosts: readonly string[]): { readonly hosts: readonly string[]; readonly more: number } {
  return hosts.length > 4 ? { hosts: hosts.slice(0, 3), more: hosts.length - 3 } : { hosts, more: 0 };
}

function shorten(text: string): string {
  const line = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[.。]$/, "");
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line;
}
