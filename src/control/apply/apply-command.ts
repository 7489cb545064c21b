import { MaintenanceError } from "../../errors.ts";
import { isClosedAt, lastingLinks, openRecordAgain } from "../../schedule/timetable.ts";
import type { AccessRecord } from "../../state/access-token.ts";
import { type Actor, oneLine, parseActor } from "../../state/actor.ts";
import { formatInstant } from "../../state/instant.ts";
import { checkSiteRecord } from "../../state/parse-site-record.ts";
import { serializeSiteRecord } from "../../state/serialize-site-record.ts";
import { ALL_SITES, type ClosureSettings, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { ChangeDraft, RecordChange } from "../../stores/store.ts";
import type {
  AddSiteCommand,
  CloseCommand,
  Command,
  FoundRecord,
  OpenCommand,
  RemoveSiteCommand,
  ValidCommand,
  ValidEditCommand,
} from "../command.ts";
import { addToken, beginSessions, endSession, endSessions, revokeTokens } from "./change-access.ts";
import { addLink, revokeLinks } from "./change-links.ts";
import { closeRecord, editAnswer } from "./close-record.ts";
import { addClosureExemptions, addLastingExemptions, removeExemptions } from "./exemption-list.ts";
import { type KnownSites, knownSites, requireKnown } from "./known-sites.ts";
import { keepLimits, limitRecord } from "./limit-record.ts";
import { isStillOf, restoreSwitch, switchSettingsOf } from "./restore-switch.ts";

/** The effect of a command on one site. */
export interface Outcome {
  readonly site: string;
  /** `unchanged`: there was nothing to change. `skipped`: the site is unknown, and the command has `ignoreMissing`. */
  readonly effect: "closed" | "opened" | "updated" | "added" | "removed" | "unchanged" | "skipped";
  /** `null`: there was no record. */
  readonly before: SiteRecord | null;
  /** As it is stored, with its new version and author. `null`: there is no record any more. */
  readonly after: SiteRecord | null;
}

export interface Application {
  readonly outcomes: readonly Outcome[];
  /** The change to commit; `null` if nothing changes. */
  readonly draft: ChangeDraft | null;
}

export interface ApplyContext {
  /** Hosts by site id, from the configuration. */
  readonly configured: ReadonlyMap<string, readonly string[]>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly by: Actor;
  /** The caller has rights on the sites that the command names, and not on everything. @default false */
  readonly limited?: boolean | undefined;
}

/**
 * Applies `command` to `state`. Pure: writes nothing. Throws if the command cannot be executed. Every resulting record
 * is checked to be readable once it is stored.
 */
export function applyCommand(state: State, command: ValidCommand, given: ApplyContext): Application {
  const context = { ...given, by: parseActor(given.by) };
  const applied = outcomesOf(state, command, context);
  const limited = context.limited === true ? applied.map(limitOutcome) : applied;
  const outcomes = limited.map((outcome) => stampOutcome(outcome, command, context));
  for (const { site } of outcomes) {
    const unreadable = state.unreadable.get(site);
    if (unreadable !== undefined) throw unreadable;
  }
  const records = outcomes.filter(isChange).map(recordChange);
  const { now, by } = context;
  const draft: ChangeDraft = {
    lineage: state.lineage,
    command: command.type,
    records,
    at: formatInstant(now),
    by,
    reason: oneLine(command.reason ?? ""),
  };
  return { outcomes, draft: records.length === 0 ? null : draft };
}

function limitOutcome(outcome: Outcome): Outcome {
  const { site, before, after } = outcome;
  return after === null ? outcome : { ...outcome, after: limitRecord(before ?? openRecord(site), after) };
}

/** Gives a changed record the version and the author with which it is stored. */
function stampOutcome(outcome: Outcome, { reason = "" }: ValidCommand, { now, by }: ApplyContext): Outcome {
  const { before, after } = outcome;
  if (after === null || !isChange(outcome)) return outcome;
  const changed = { at: formatInstant(now), by, reason: oneLine(reason) };
  return { ...outcome, after: { ...after, version: (before?.version ?? 0) + 1, changed } };
}

function outcomesOf(state: State, command: ValidCommand, context: ApplyContext): readonly Outcome[] {
  const known = knownSites(state, context.configured);
  const { now } = context;
  switch (command.type) {
    case "close":
      return each(state, command, known, (record) => {
        const after = claimed(record, closeRecord(record, command, now), command);
        if (!isClosedAt(record, now)) return { after, effect: "closed" };
        // A new reason alone is a change too: the status and the history show it.
        const reason = oneLine(command.reason ?? "");
        return { after, effect: "updated", isNoted: reason !== "" && reason !== record.changed?.reason };
      });
    case "open":
      return each(state, command, known, (record) => ({
        after: claimed(record, openRecordAgain(record), command),
        effect: "opened",
      }));
    case "edit":
      return [editSite(state, command, known, context)];
    case "add-site":
      return [addSite(state, command, known, context)];
    case "remove-site":
      return [removeSite(state, command, known, context)];
    case "add-exemptions":
      return each(state, { type: command.type, sites: [command.site ?? ALL_SITES] }, known, (record) => ({
        after:
          command.untilOpen === true
            ? addClosureExemptions(record, command, now)
            : addLastingExemptions(record, command),
        effect: "updated",
      }));
    case "remove-exemptions":
      return each(state, { type: command.type, sites: [command.site ?? ALL_SITES] }, known, (record) => ({
        after: removeExemptions(record, command.paths ?? [], command.addresses ?? []),
        effect: "updated",
      }));
    case "restore":
      return command.records.map((record) => restoreSite(state, record, now));
    case "add-link":
    case "revoke-links":
      return each(state, { type: command.type, sites: [command.site ?? ALL_SITES] }, known, (record) => ({
        after: command.type === "add-link" ? addLink(record, command, context) : revokeLinks(record, command),
        effect: "updated",
      }));
    case "add-token":
      return changeAccess(state, known, (access) => addToken(access, command, { ...context, known }));
    case "revoke-tokens":
      return changeAccess(state, known, (access) => revokeTokens(access, command));
    case "begin-sessions":
      return changeAccess(state, known, (access) => beginSessions(access, command));
    case "end-session":
      return changeAccess(state, known, (access) => endSession(access, command, now));
    case "end-sessions":
      return changeAccess(state, known, endSessions);
  }
}

/**
 * Returns `after` with the scope of the command. Returns `before` if the command changes nothing and no scope has switched the site: then
 * there is nothing to restore.
 */
function claimed(before: SiteRecord, after: SiteRecord, command: CloseCommand | OpenCommand): SiteRecord {
  const scope = command.scope ?? null;
  if (before.scope === null && isEqual(before, { ...after, scope: null })) return before;
  return { ...after, scope };
}

/** Commands that make sense for a new site: the error for an unknown site says how to add it. */
const FOR_A_NEW_SITE: ReadonlySet<Command["type"]> = new Set(["close", "add-exemptions", "add-link"]);

interface Target {
  readonly type?: Command["type"];
  readonly sites?: readonly string[] | undefined;
  readonly ignoreMissing?: boolean | undefined;
}

type Change = (record: SiteRecord) => {
  readonly after: SiteRecord;
  readonly effect: Outcome["effect"];
  /** The change is stored although the record stays the same. */
  readonly isNoted?: boolean;
};

function each(state: State, target: Target, known: KnownSites, change: Change): readonly Outcome[] {
  return [...new Set(target.sites ?? [ALL_SITES])].map((site) => {
    if (target.ignoreMissing === true && !known.has(site))
      return { site, effect: "skipped", before: null, after: null };
    requireKnown(site, known, { mayAdd: target.type !== undefined && FOR_A_NEW_SITE.has(target.type) });
    const before = state.records.get(site) ?? null;
    const { after, effect, isNoted = false } = change(before ?? openRecord(site));
    const isSame = !isNoted && isEqual(before ?? openRecord(site), after);
    return { site, effect: isSame ? "unchanged" : effect, before, after };
  });
}

/** Tokens and sessions are stored in the record of `*`. */
function changeAccess(
  state: State,
  known: KnownSites,
  change: (access: AccessRecord) => AccessRecord,
): readonly Outcome[] {
  return each(state, {}, known, (record) => ({
    after: { ...record, access: change(record.access) },
    effect: "updated",
  }));
}

function editSite(state: State, command: ValidEditCommand, known: KnownSites, context: ApplyContext): Outcome {
  const { site, version, hosts, paths, exemptions, lockdown } = command;
  requireKnown(site, known);
  const before = state.records.get(site) ?? null;
  const record = before ?? openRecord(site);
  requireVersion(record, version);
  if (hosts !== undefined) {
    if (site === ALL_SITES && hosts.length > 0) {
      throw new MaintenanceError("ERR_INVALID_HOST", "'*' stands for every host and has no hosts of its own.", {
        hint: "Give the host to a site: npx maintenance-mode sites add ID --host HOST",
      });
    }
    requireFreeHosts(site, hosts, state, context.configured);
  }
  const settings: Partial<ClosureSettings> = {
    ...(paths === undefined ? {} : { paths }),
    ...(exemptions === undefined ? {} : { exemptions: keepLimits(exemptions, record) }),
    ...(lockdown === undefined ? {} : { lockdown }),
    ...editAnswer(record, command),
  };
  const restore = Object.fromEntries(
    Object.entries(record.restore ?? {}).filter(([key]) => !Object.hasOwn(settings, key)),
  );
  const after: SiteRecord = {
    ...record,
    ...settings,
    ...(hosts === undefined ? {} : { hosts }),
    restore: Object.keys(restore).length === 0 ? null : (restore as Partial<ClosureSettings>),
    scope: Object.keys(restore).length === Object.keys(record.restore ?? {}).length ? record.scope : null,
  };
  return { site, effect: isEqual(record, after) ? "unchanged" : "updated", before, after };
}

function restoreSite(state: State, { site, ...change }: FoundRecord, now: number): Outcome {
  const before = state.records.get(site) ?? null;
  const record = before ?? openRecord(site);
  const restored = { ...record, ...restoreSwitch(switchSettingsOf(record), change) };
  const links = isClosedAt(restored, now) ? record.links : lastingLinks(record.links);
  const after = isStillOf(record, change) ? { ...restored, links } : record;
  return { site, effect: isEqual(record, after) ? "unchanged" : "updated", before, after };
}

function addSite(state: State, command: AddSiteCommand, known: KnownSites, context: ApplyContext): Outcome {
  const { site, hosts = [] } = command;
  if (known.has(site)) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", `The site '${site}' already exists.`, {
      hint: "Choose another id, or edit the existing site.",
    });
  }
  requireFreeHosts(site, hosts, state, context.configured);
  return { site, effect: "added", before: null, after: { ...openRecord(site), hosts } };
}

function removeSite(
  state: State,
  { site, version }: RemoveSiteCommand,
  known: KnownSites,
  context: ApplyContext,
): Outcome {
  requireKnown(site, known);
  if (site === ALL_SITES || context.configured.has(site)) {
    const message =
      site === ALL_SITES
        ? "'*' stands for all sites and cannot be removed."
        : `'${site}' is in the configuration and cannot be removed.`;
    throw new MaintenanceError(
      "ERR_SITE_CONFIGURED",
      message,
      site === ALL_SITES ? { hint: "Name another site." } : {},
    );
  }
  const before = state.records.get(site) ?? null;
  if (version !== undefined) requireVersion(before ?? openRecord(site), version);
  return { site, effect: "removed", before, after: null };
}

function requireVersion(record: SiteRecord, version: number): void {
  if (record.version === version) return;
  const message = `'${record.id}' is at version ${record.version}, and the change was made on version ${version}.`;
  throw new MaintenanceError("ERR_CONFLICT", message);
}

function isChange({ effect }: Outcome): boolean {
  return effect !== "unchanged" && effect !== "skipped";
}

function recordChange({ site, before, after }: Outcome): RecordChange {
  const seen = before?.version ?? 0;
  const text = after === null ? null : serializeSiteRecord(after);
  // Checked with the parser that reads it later: an unreadable record would apply nowhere, and no command could change it again.
  if (text !== null) checkSiteRecord(site, seen + 1, text);
  return { id: site, seen, before: before === null ? null : serializeSiteRecord(before), after: text };
}

function isEqual(a: SiteRecord, b: SiteRecord): boolean {
  return serializeSiteRecord(a) === serializeSiteRecord(b);
}

/** Throws `ERR_INVALID_HOST` if another site has one of `hosts`: a request belongs to one site only. */
function requireFreeHosts(
  site: string,
  hosts: readonly string[],
  state: State,
  configured: ReadonlyMap<string, readonly string[]>,
): void {
  const claims = [...configured, ...[...state.records.values()].map((record) => [record.id, record.hosts] as const)];
  for (const [owner, owned] of claims) {
    const host = owner === site ? undefined : hosts.find((candidate) => owned.includes(candidate));
    if (host === undefined) continue;
    throw new MaintenanceError("ERR_INVALID_HOST", `'${host}' belongs to the site '${owner}'.`, {
      hint: `Leave it to one of them, or remove '${owner}' first.`,
    });
  }
}
