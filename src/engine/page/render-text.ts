import type { PageContext } from "../page-context.ts";
import { pageContent } from "./page-content.ts";

/** The same as the page, for clients that accept nothing but `text/plain`. */
export function renderText(context: PageContext): string {
  const { texts, title, message, end, url } = pageContent(context);
  const paragraphs = [title, message];
  if (context.mode === "read-only") paragraphs.push(texts.unsaved);
  if (end !== null) paragraphs.push(`${texts.expectedEnd}: ${end.day}, ${end.hour} UTC (${end.instant})`);
  if (url !== null) paragraphs.push(`${texts.moreInformation}: ${url}`);
  return `${paragraphs.join("\n\n")}\n`;
}
