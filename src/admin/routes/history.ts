import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import type { StateChange } from "../../stores/store.ts";
import type { HistoryEntryView } from "../api-types.ts";
import { historyEntry } from "../history-view.ts";
import { historyQuery } from "../request-schemas.ts";
import { historySchema } from "../response-schemas.ts";
import { defineRoute, type Route } from "../route.ts";

const PAGE = 200;
/** So many entries are looked through for one answer; `next` then says where to go on. */
const MOST_SCANNED = 2_000;

export const HISTORY_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "history",
    operation: "getHistory",
    summary: "Who changed what, when, from where and why, newest first, of the sites that you may see.",
    right: "view",
    sites: ({ query }) => (query.site === undefined ? [] : [query.site]),
    query: historyQuery,
    answer: { status: 200, schema: historySchema },
    problems: [503],
    async handle({ admin, principal, query: { site, by, command, limit, before } }) {
      await loadLinearRegExp();
      const entries: HistoryEntryView[] = [];
      const wanted = (change: StateChange): boolean =>
        (command === undefined || change.command === command) &&
        (by === undefined || change.by.label.toLowerCase().includes(by.toLowerCase()));
      let next: number | null = before ?? null;
      for (let scanned = 0; scanned < MOST_SCANNED; scanned += PAGE) {
        const page: readonly StateChange[] = await admin.controller.history({
          site,
          limit: PAGE,
          before: next ?? undefined,
        });
        for (const change of page) {
          if (entries.length === limit) return { status: 200, body: { entries, next } };
          next = change.version;
          if (!wanted(change)) continue;
          const entry = historyEntry(change, principal);
          if (entry.sites.length > 0) entries.push(entry);
        }
        if (page.length < PAGE) return { status: 200, body: { entries, next: null } };
      }
      return { status: 200, body: { entries, next } };
    },
  }),
];
