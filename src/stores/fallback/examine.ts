import type { Clock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import { ERROR_HINTS, isMaintenanceError, messageOf } from "../../errors.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import type { Position, Store } from "../store.ts";
import { type Copies, isSame } from "./copies.ts";

export interface ExaminedFallback {
  readonly primary: Store;
  readonly others: readonly Store[];
  readonly copies: Copies;
  readonly clock: Clock;
  readonly longestAnswer: number;
}

export async function examineFallback(examined: ExaminedFallback, signal: AbortSignal): Promise<readonly Finding[]> {
  const { primary, others, copies, clock, longestAnswer } = examined;
  const positionOf = (store: Store): Promise<Position | Error> =>
    withinDeadline({ name: store.name, milliseconds: longestAnswer, signal, clock }, (ending) =>
      store.load({ sites: [], signal: ending }),
    ).catch(toError);
  const leading = await positionOf(primary);
  const findings: Finding[] = [examinePrimary(primary, leading)];
  for (const other of others)
    findings.push(examineCopy(other, await positionOf(other), leading, copies.failureOf(other)));
  for (const store of [primary, ...others]) {
    const own = (await store.examine?.({ signal }).catch(() => [])) ?? [];
    findings.push(...own.map((finding) => ({ ...finding, subject: `${store.name}, ${finding.subject}` })));
  }
  signal.throwIfAborted();
  return findings;
}

function examinePrimary(store: Store, held: Position | Error): Finding {
  const subject = "primary";
  if (!(held instanceof Error)) return okFinding(subject, `${store.name} answers`);
  const consequence = "every change is refused, and reads go to a copy where there is one";
  return errorFinding(subject, `${held.message} Meanwhile ${consequence}.`, hintOf(held));
}

function examineCopy(store: Store, held: Position | Error, leading: Position | Error, failure: unknown): Finding {
  const subject = "copy";
  if (held instanceof Error) return errorFinding(subject, held.message, hintOf(held));
  const what = held.version === 0 ? `${store.name} holds nothing yet` : `${store.name} holds version ${held.version}`;
  if (failure !== undefined) return warnFinding(subject, `${what}: ${messageOf(failure)}`, hintOf(failure));
  if (leading instanceof Error || isSame(held, leading)) return okFinding(subject, what);
  return warnFinding(
    subject,
    `${what}, and the primary version ${leading.version}`,
    "It follows with the next read; look again.",
  );
}

function hintOf(error: unknown): string {
  return isMaintenanceError(error) ? error.hint : ERROR_HINTS.ERR_STORE_UNAVAILABLE;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
