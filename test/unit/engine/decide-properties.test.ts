import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { allowIfOpen, decide } from "../../../src/engine/decide/decide.ts";
import type { AllowReason, BlockReason, Decision } from "../../../src/engine/decide/decision.ts";
import type { Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { type ReferenceDecision, referenceDecision, type Situation } from "../../support/reference-decision.ts";
import { requestFacts } from "../../support/request-facts.ts";
import { snapshotOf, unloadedSnapshot } from "../../support/snapshot.ts";
import { requests, SECRETS, situations } from "./random-situations.ts";

beforeAll(loadLinearRegExp);

function compile({ records, options, environment, neverLoaded }: Situation): Snapshot {
  const given = { ...options, environment: environment as Record<string, string> };
  return neverLoaded ? unloadedSnapshot(given) : snapshotOf(records, given);
}

function told(decision: Decision): ReferenceDecision {
  return {
    outcome: decision.outcome,
    reason: decision.outcome === "defer" ? decision.needs : decision.reason,
    site: decision.site,
  };
}

/** Freezes every object and array within `value`; state in closures stays mutable. */
function freezeAll<T>(value: T, seen: Set<unknown> = new Set()): T {
  if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) return value;
  seen.add(value);
  const members = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const member of members) freezeAll(member, seen);
  return Object.freeze(value);
}

describe("for any request, state and configuration", () => {
  test("decide agrees with the reference on outcome, reason and site", () => {
    fc.assert(
      fc.property(situations, requests, (situation, request) => {
        const facts = requestFacts(request);
        const snapshot = compile(situation);
        expect(told(decide(facts, snapshot, situation.now))).toEqual(referenceDecision(facts, situation));
      }),
      { numRuns: 5_000 },
    );
  });

  test("if requests may pass without a decision, none would be blocked except by its route", () => {
    fc.assert(
      fc.property(situations, requests, (situation, request) => {
        const snapshot = compile(situation);
        fc.pre(snapshot.passAll);
        expect(decide(requestFacts({ ...request, route: undefined }), snapshot, situation.now).outcome).toBe("allow");
      }),
      { numRuns: 1_000 },
    );
  });

  test("a decision without the time is right at any time", () => {
    fc.assert(
      fc.property(situations, requests, fc.maxSafeNat(), (situation, request, now) => {
        const snapshot = compile(situation);
        const facts = requestFacts(request);
        const open = allowIfOpen(facts, snapshot);
        fc.pre(open !== null);
        expect(decide(facts, snapshot, now)).toEqual(open);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a decision is repeatable, changes nothing, and contains no secret", () => {
    fc.assert(
      fc.property(situations, requests, (situation, request) => {
        const snapshot = freezeAll(compile(situation));
        const facts = Object.freeze(requestFacts(request));
        const first = decide(facts, snapshot, situation.now);
        expect(decide(facts, snapshot, situation.now)).toEqual(first);
        const text = JSON.stringify(first);
        expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("the random cases reach every outcome and every reason, repeatedly", () => {
  const reasons: Readonly<Record<AllowReason | Exclude<BlockReason, "fenced"> | "user-unknown" | "operation", true>> = {
    "operator-surface": true,
    "route-forced-open": true,
    "override-open": true,
    open: true,
    "out-of-scope": true,
    "safe-method": true,
    "read-path": true,
    "read-operation": true,
    "test-run": true,
    address: true,
    path: true,
    method: true,
    "redirect-target": true,
    "bypass-link": true,
    "bypass-cookie": true,
    user: true,
    "route-forced-closed": true,
    "override-closed": true,
    "never-loaded": true,
    mode: true,
    lockdown: true,
    "user-unknown": true,
    operation: true,
  };
  const counts = new Map<string, number>();
  const count = (name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [situation, request] of fc.sample(fc.tuple(situations, requests), { seed: 7, numRuns: 20_000 })) {
    const { outcome, reason } = told(decide(requestFacts(request), compile(situation), situation.now));
    count(outcome);
    count(outcome === "defer" && reason === "user" ? "user-unknown" : reason);
  }
  const rare = ["allow", "admit", "block", "defer", ...Object.keys(reasons)].filter((it) => (counts.get(it) ?? 0) < 10);
  expect(rare, JSON.stringify([...counts])).toEqual([]);
});
