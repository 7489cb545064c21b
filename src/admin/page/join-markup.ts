import { html, type Markup } from "../../engine/page/html.ts";

export function joinMarkup(items: readonly Markup[]): Markup {
  return items.reduce((all, item) => html`${all}${item}`, html``);
}
