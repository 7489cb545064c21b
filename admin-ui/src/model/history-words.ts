import type { HistoryEntryView } from "../../../src/admin/schema/types.ts";
import type { Command } from "../../../src/control/command.ts";
import { siteInSentence } from "./mode-words.ts";
import { listWords } from "./switch-sentence.ts";

/** Every command that leaves an entry, with what it did to sites. */
export const COMMAND_WORDS: Readonly<Record<Command["type"], string>> = {
  close: "closed",
  open: "opened",
  edit: "changed",
  "add-site": "added",
  "remove-site": "removed",
  "add-exemptions": "added an exemption to",
  "remove-exemptions": "removed an exemption from",
  "add-link": "made a link for",
  "revoke-links": "revoked links of",
  "put-back": "restored",
  "add-token": "made an access token",
  "revoke-tokens": "revoked access tokens",
  "begin-sessions": "signed in for the first time",
  "end-session": "signed out",
  "end-sessions": "signed everybody out",
};

const WITHOUT_SITES: ReadonlySet<string> = new Set([
  "add-token",
  "revoke-tokens",
  "begin-sessions",
  "end-session",
  "end-sessions",
]);

/** `closed shop and blog`. A command of a later release is named as it is. */
export function deedWords({ command, sites }: Pick<HistoryEntryView, "command" | "sites">): string {
  const words = Object.entries(COMMAND_WORDS).find(([name]) => name === command)?.[1];
  if (WITHOUT_SITES.has(command)) return words ?? command;
  const names = sites.map(({ site }) => siteInSentence(site));
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return `${words ?? `did “${command}” to`} ${listWords(shown)}`.trim();
}

/** `through the admin, from 10.0.0.1` */
export function sourceWords({ kind, from }: HistoryEntryView["by"]): string {
  const ways = { cli: "on the command line", admin: "through the admin", program: "by a program", file: "in the file" };
  return from === undefined || from === "" ? ways[kind] : `${ways[kind]}, from ${from}`;
}
