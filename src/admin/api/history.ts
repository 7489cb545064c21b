import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import type { StateChange } from "../../stores/store.ts";
import { historyQuery } from "../schema/requests.ts";
import type { HistoryEntryView } from "../schema/responses.ts";
import { historySchema } from "../schema/responses.ts";
import { historyEntry } from "../views/history-view.ts";
import { scanHistory } from "../views/scan-history.ts";
import { defineRoute, type Route } from "./route.ts";

export const HISTORY_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "history",
    operation: "getHistory",
    summary: "The changes of the sites that you may see, newest first, with author, time, address and reason.",
    right: "view",
    sites: ({ query }) => (query.site === undefined ? [] : [query.site]),
    query: historyQuery,
    answer: { status: 200, schema: historySchema },
    problems: [404, 503],
    async handle({ admin, principal, query: { site, by, command, limit, before } }) {
      await loadLinearRegExp();
      const entries: HistoryEntryView[] = [];
      const wanted = (change: StateChange): boolean =>
        (command === undefined || change.command === command) &&
        (by === undefined || change.by.label.toLowerCase().includes(by.toLowerCase()));
      const next = await scanHistory(admin.controller, {
        site,
        before,
        isFull: () => entries.length === limit,
        visit(change) {
          const entry = wanted(change) ? historyEntry(change, principal) : null;
          if (entry !== null && entry.sites.length > 0) entries.push(entry);
        },
      });
      return { status: 200, body: { entries, next } };
    },
  }),
];
