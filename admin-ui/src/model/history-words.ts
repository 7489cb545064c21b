import type { HistoryEntryView } from "../../../src/admin/api-types.ts";
import { siteInSentence } from "./mode-words.ts";
import { listWords } from "./switch-sentence.ts";

/** Every command that leaves an entry, with what it did. */
export const COMMAND_WORDS: Readonly<Record<string, string>> = {
  close: "closed",
  open: "opened",
  edit: "changed",
  "add-site": "added",
  "remove-site": "removed",
  "add-exemptions": "added an exemption to",
  "remove-exemptions": "removed an exemption from",
  "add-link": "made a link for",
  "revoke-links": "revoked links of",
  "put-back": "put back",
};

/** `closed shop and blog` */
export function deedWords({ command, sites }: Pick<HistoryEntryView, "command" | "sites">): string {
  const names = sites.map(({ site }) => siteInSentence(site));
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return `${COMMAND_WORDS[command] ?? command} ${listWords(shown)}`.trim();
}

/** `through the admin, from 10.0.0.1` */
export function sourceWords({ kind, from }: HistoryEntryView["by"]): string {
  const ways = { cli: "on the command line", admin: "through the admin", program: "by a program", file: "in the file" };
  return from === undefined || from === "" ? ways[kind] : `${ways[kind]}, from ${from}`;
}
