import { html, type Markup } from "../../engine/page/html.ts";
import { joinMarkup } from "./join-markup.ts";

/** `null` where there is nothing to beware of. */
export function warningList(heading: string, warnings: readonly string[]): Markup | null {
  if (warnings.length === 0) return null;
  return html`<h2>${heading}</h2>\n<ul>${joinMarkup(warnings.map((warning) => html`<li>${warning}</li>`))}</ul>`;
}
