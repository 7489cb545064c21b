import { MaintenanceError } from "../../errors.ts";
import type { AccessRecord } from "../../state/access-token.ts";
import type { Actor } from "../../state/actor.ts";
import { endTime, resolveEnd } from "../../state/end.ts";
import { formatInstant, parseInstant } from "../../state/instant.ts";
import type { AddTokenCommand, BeginSessionsCommand, EndSessionCommand, RevokeTokensCommand } from "../command.ts";
import { MAX_LINKS, withRoom } from "./change-links.ts";
import { type KnownSites, requireKnown } from "./known-sites.ts";

interface AccessContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly by: Actor;
  readonly known: KnownSites;
}

/** Throws `ERR_INVALID_TIME` for an expiry in the past, and `ERR_UNKNOWN_SITE` for an unknown site. */
export function addToken(
  access: AccessRecord,
  { token }: AddTokenCommand,
  { now, by, known }: AccessContext,
): AccessRecord {
  const expires = token.expires === null ? null : resolveEnd(token.expires, now, "expires");
  for (const site of token.sites ?? []) requireKnown(site, known, { mayAdd: true });
  const tokens = withRoom(access.tokens, now, `There are ${MAX_LINKS} tokens; more are not possible.`);
  return { ...access, tokens: [...tokens, { ...token, expires, created: { at: formatInstant(now), by } }] };
}

/** Throws `ERR_INVALID_COMMAND` for a token that does not exist. */
export function revokeTokens(access: AccessRecord, { tokens }: RevokeTokensCommand): AccessRecord {
  if (tokens === undefined) return { ...access, tokens: [] };
  for (const id of tokens) {
    if (access.tokens.some((token) => token.id === id)) continue;
    const there = access.tokens.map((token) => `${token.id} (${token.name})`).join(", ");
    throw new MaintenanceError("ERR_INVALID_COMMAND", `There is no token '${id}'.`, {
      hint: there === "" ? "There are no tokens." : `Existing tokens: ${there}.`,
    });
  }
  return { ...access, tokens: access.tokens.filter(({ id }) => !tokens.includes(id)) };
}

/** Keeps an existing key: if two processes start sessions at once, the second uses the key of the first. */
export function beginSessions(access: AccessRecord, { key }: BeginSessionsCommand): AccessRecord {
  return { ...access, sessionKey: access.sessionKey ?? key };
}

/** Maximum number of sessions that are ended one by one; one more ends all sessions. */
const MAX_ENDED_SESSIONS = 500;

/** Drops sessions that have expired. */
export function endSession(access: AccessRecord, { session, until }: EndSessionCommand, now: number): AccessRecord {
  const kept = access.endedSessions.filter((one) => parseInstant(one.until) > now && one.session !== session);
  if (kept.length >= MAX_ENDED_SESSIONS) return endSessions(access);
  const end = endTime(until, now);
  return { ...access, endedSessions: end > now ? [...kept, { session, until: formatInstant(end) }] : kept };
}

/** Ends every session. Also removes the key, in case it has leaked. */
export function endSessions(access: AccessRecord): AccessRecord {
  return { ...access, sessionGeneration: access.sessionGeneration + 1, sessionKey: null, endedSessions: [] };
}
