import type { Outcome } from "../../control/apply/apply-command.ts";
import type { AnyCommand } from "../../control/command.ts";
import type { CommandResult, ProposingController } from "../../control/controller.ts";
import { MaintenanceError } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { closedRecord } from "../../state/closed-record.ts";
import { type End, parseEnd } from "../../state/end.ts";
import { parseSiteRecord } from "../../state/parse-site-record.ts";
import { parseState } from "../../state/parse-state.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { Store } from "../../stores/store.ts";
import type { CommandResultView, OutcomeView, RecordText, StateView } from "../schema/remote-answers.ts";
import { readCommandResultView, readStateView } from "../schema/remote-answers.ts";
import type { AdminClient } from "./admin-client.ts";
import { readNewLink, readNewToken } from "./answers.ts";
import { readHistory, remoteStore } from "./store.ts";

/**
 * Returns a controller over the admin's API. The server takes the actor from the token: the `by` of each command is ignored. Throws the
 * refusals of the server, and errors of the connection. Records come without secrets.
 */
export function remoteController(client: AdminClient): ProposingController {
  let opening: Promise<Store> | null = null;

  async function send(command: AnyCommand, dryRun: boolean): Promise<CommandResult> {
    await loadLinearRegExp();
    return resultOf(await client.post("commands", { command, dryRun }, readCommandResultView));
  }

  async function read(sites?: readonly string[]): Promise<StateView> {
    await loadLinearRegExp();
    return await client.get("state", { site: sites }, readStateView);
  }

  /** Calls a route that creates a secret: it answers with the secret, and without a record. */
  async function change<Made>(site: string, make: () => Promise<Made>): Promise<CommandResult & Made> {
    const view = await read([site]);
    const before = stateOf(view);
    const made = await make();
    const after = stateOf(await read([site]));
    const records = { before: before.records.get(site) ?? null, after: after.records.get(site) ?? null };
    const forAll = [...view.configuration.groups, ALL_SITES].map((id) => before.records.get(id) ?? openRecord(id));
    return { ...made, outcomes: [{ site, effect: "updated", ...records }], forAll, position: after };
  }

  return {
    execute: (command) => send(command, false),
    rehearse: (command) => send(command, true),
    propose: async (command) => ({ ...(await send(command, true)), commit: () => send(command, false) }),
    links: {
      create: ({ site = ALL_SITES, by: _by, ...link }) =>
        change(site, async () => {
          const path = `sites/${encodeURIComponent(site)}/links`;
          const { id, token, query } = await client.post(path, withExpiry(link), readNewLink);
          return { id, token, query };
        }),
    },
    tokens: {
      create: ({ by: _by, ...request }) =>
        change(ALL_SITES, async () => {
          const { id, token } = await client.post("tokens", withExpiry(request), readNewToken);
          return { id, token };
        }),
    },
    state: async () => stateOf(await read()),
    history: (query = {}) => readHistory(client, { limit: 50, ...query }),
    async store() {
      opening ??= read([ALL_SITES]).then((view) => remoteStore(client, view));
      return await opening;
    },
    dispose: async () => {},
  };
}

/** With the expiry as text: JSON would turn an invalid `Date` into `null`, which is no expiry. Throws `ERR_INVALID_TIME`. */
function withExpiry<Made extends { readonly expires?: End | null | undefined }>(made: Made): Made {
  return made.expires == null ? made : { ...made, expires: parseEnd(made.expires) };
}

/** Records that the server cannot read are named. */
export function stateOf(view: StateView): State {
  const state = parseState(view, view.separateRecords);
  const unreadable = view.unreadable.map((id): [string, MaintenanceError] => {
    const message = `The server cannot read the record of '${id}'.`;
    const hint = "On the server, `npx maintenance-mode doctor` shows the fault.";
    return [id, new MaintenanceError("ERR_STATE_UNREADABLE", message, { hint })];
  });
  return {
    ...state,
    unreadable: new Map([...state.unreadable, ...unreadable]),
    closedInstead: new Map([
      ...state.closedInstead,
      ...view.unreadable.map((id) => [id, closedRecord(id, "")] as const),
    ]),
  };
}

/** The linear regular expressions must have been loaded. */
export function resultOf({ outcomes, forAll, position }: CommandResultView): CommandResult {
  return { outcomes: outcomes.map(outcomeOf), forAll: forAll.flatMap((it) => recordOf(it.id, it) ?? []), position };
}

function outcomeOf({ site, effect, before, after }: OutcomeView): Outcome {
  return { site, effect, before: recordOf(site, before), after: recordOf(site, after) };
}

function recordOf(site: string, stored: RecordText | null): SiteRecord | null {
  return stored && parseSiteRecord(site, stored.version, stored.text);
}
