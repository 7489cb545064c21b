import type { HistoryEntryView } from "../../../src/admin/schema/responses.ts";
import type { Command } from "../../../src/control/command.ts";
import { ALL_SITES } from "../../../src/state/site-record.ts";
import { t } from "../language/current.ts";
import type { Texts } from "../texts/en.ts";

/** Every command that leaves an entry has its words. */
type Actions = Texts["history"]["actions"] & Readonly<Record<Command["type"], string>>;

const WITHOUT_SITES: ReadonlySet<string> = new Set([
  "add-token",
  "revoke-tokens",
  "begin-sessions",
  "end-session",
  "end-sessions",
]);

/** The effect of each command, by the name of the command. */
export function actionWords(): readonly (readonly [command: string, words: string])[] {
  const actions: Actions = t().history.actions;
  return Object.entries(actions);
}

/** `Closed: shop and blog`. A command of a later release is named as it is. */
export function entryWords({ command, sites }: Pick<HistoryEntryView, "command" | "sites">): string {
  const { allSites, entry, more } = t().history;
  const action = actionWords().find(([name]) => name === command)?.[1] ?? command;
  if (WITHOUT_SITES.has(command) || sites.length === 0) return action;
  const names = sites.map(({ site }) => (site === ALL_SITES ? allSites : site));
  return entry({ action, sites: names.length > 4 ? [...names.slice(0, 3), more(names.length - 3)] : names });
}

/** `admin, from 10.0.0.1` */
export function wayWords({ kind, from }: HistoryEntryView["by"]): string {
  const { ways, way } = t().history;
  return from === undefined || from === "" ? ways[kind] : way({ way: ways[kind], from });
}
