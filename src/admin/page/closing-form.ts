import { html, type Markup } from "../../engine/page/html.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { joinMarkup } from "./join-markup.ts";
import { warningList } from "./warning-list.ts";

export interface AskedClosing {
  readonly sites: readonly string[];
  readonly notice?: { readonly message?: string | undefined } | undefined;
  readonly reason?: string | undefined;
}

/** What asks once, without script, before sites are closed. */
export function closingForm({ sites, notice, reason = "" }: AskedClosing, warnings: readonly string[]): Markup {
  const what = namesOf(sites);
  const message = notice?.message ?? "";
  const read = message === "" ? "the text that is set, or the built-in one" : `“${message}”`;
  return html`<h2>Close ${what}?</h2>
<p>Visitors will read ${read}, until ${sites.length === 1 ? "it is" : "they are"} opened again.</p>
${warningList("Before you go on", warnings)}
<form method="post" action="./close">
${joinMarkup(sites.map((site) => hidden("site", site)))}${hidden("message", message)}${hidden("reason", reason)}
<p><button name="sure" value="yes">Close ${what}</button> <a href="./">Cancel</a></p>
</form>`;
}

function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

function namesOf(sites: readonly string[]): string {
  if (sites.includes(ALL_SITES)) return "all sites";
  return sites.length > 3 ? `${sites.length} sites` : sites.join(", ");
}
