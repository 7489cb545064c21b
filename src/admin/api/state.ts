import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { StateChange, StoredRecord } from "../../stores/store.ts";
import { forEachInSlices } from "../http/in-slices.ts";
import type { ChangesPage, StateView } from "../schema/remote-answers.ts";
import { changesSchema, stateSchema } from "../schema/remote-answers.ts";
import { changesQuery, stateQuery } from "../schema/remote-requests.ts";
import { configurationView } from "../views/configuration-view.ts";
import { scanHistory } from "../views/scan-history.ts";
import { visibleChange, visibleStored } from "../views/visible-record.ts";
import { defineRoute, type Route } from "./route.ts";

export const STATE_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "state",
    operation: "getState",
    summary: "The stored records that you may see, without secrets, and the configuration. For the command line.",
    right: "known",
    query: stateQuery,
    answer: { status: 200, schema: stateSchema },
    problems: [503],
    async handle({ admin: { controller, gate }, principal, query: { site: named } }) {
      await loadLinearRegExp();
      const { options } = gate;
      const store = await controller.store();
      // A closure of these applies to every caller, whatever else it may see.
      const forAll = [ALL_SITES, ...options.groups];
      const document = await store.load({ sites: named && [...named, ...forAll] });
      const { lineage, version } = document;
      const { separateRecords } = store.capabilities;
      const names = named && new Set(named);
      const unreadable: string[] = [];
      const records: StoredRecord[] = [];
      await forEachInSlices(document.records, (stored) => {
        const { id } = stored;
        if (!forAll.includes(id) && !((names?.has(id) ?? true) && principal.may("view", id))) return;
        const visible = visibleStored(principal, stored, separateRecords);
        if (visible === null) unreadable.push(id);
        else records.push(visible);
      });
      const body: StateView = {
        lineage,
        version,
        store: store.name,
        separateRecords,
        records,
        unreadable,
        configuration: configurationView(principal, gate),
      };
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "GET",
    path: "changes",
    operation: "getChanges",
    summary: "The stored history, without secrets and sites that you may not see. For the command line.",
    right: "view",
    sites: ({ query }) => (query.site === undefined ? [] : [query.site]),
    query: changesQuery,
    answer: { status: 200, schema: changesSchema },
    problems: [404, 503],
    async handle({ admin: { controller }, principal, query: { site, before, limit } }) {
      await loadLinearRegExp();
      const changes: StateChange[] = [];
      const next = await scanHistory(controller, {
        site,
        before,
        isFull: () => changes.length === limit,
        visit(change) {
          const visible = visibleChange(principal, change);
          if (visible !== null) changes.push(visible);
        },
      });
      return { status: 200, body: { changes, next } satisfies ChangesPage };
    },
  }),
];
