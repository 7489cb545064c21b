import { pageContent } from "./content.ts";
import type { PageContext } from "./context.ts";

/** The same as the page, for clients that take `text/plain` alone, and for what loads an image or a script. */
export function renderText(context: PageContext): string {
  const { texts, title, message, sent, end, url, contact } = pageContent(context);
  const paragraphs = [title, message];
  if (sent !== null) paragraphs.push(sent);
  if (end !== null) paragraphs.push(`${texts.expectedEnd}: ${end.day}, ${end.hour} UTC (${end.instant})`);
  if (url !== null) paragraphs.push(`${texts.moreInformation}: ${url}`);
  if (contact !== null) paragraphs.push(`${texts.contact}: ${contact.text}`);
  return `${paragraphs.join("\n\n")}\n`;
}
