import { expect, test } from "vitest";
import type { GateStatus } from "../../../src/gate-status.ts";
import { prometheusText } from "../../../src/telemetry/prometheus.ts";

const status: GateStatus = {
  state: "stale",
  lineage: "test",
  version: 12,
  lastContact: 0,
  error: null,
  unreadable: [],
  neverLoaded: false,
  guessLimitReached: null,
  fleet: null,
  override: null,
  sites: [{ id: "shop", mode: "closed", only: [] }],
};

test("has help, type and labels, and complete lines", () => {
  const counters = {
    blocked: [{ site: "shop", reason: "mode", count: 3 }],
    bypassed: [{ site: "shop", reason: "address", count: 1 }],
  } as const;
  expect(prometheusText({ status: () => status, counters: () => counters })).toBe(
    `# HELP maintenance_blocked_total Requests answered with the maintenance page.
# TYPE maintenance_blocked_total counter
maintenance_blocked_total{site="shop",reason="mode"} 3
# HELP maintenance_bypassed_total Requests that passed although the site is closed.
# TYPE maintenance_bypassed_total counter
maintenance_bypassed_total{site="shop",reason="address"} 1
# HELP maintenance_mode 1 for the strictest mode in force anywhere on a site, 0 for every other mode.
# TYPE maintenance_mode gauge
maintenance_mode{site="shop",mode="open"} 0
maintenance_mode{site="shop",mode="read-only"} 0
maintenance_mode{site="shop",mode="paused"} 0
maintenance_mode{site="shop",mode="closed"} 1
# HELP maintenance_store_stale 1 while the store is unavailable or unreadable and the last state read applies.
# TYPE maintenance_store_stale gauge
maintenance_store_stale 1
# HELP maintenance_state_version The version of the state that the gate has applied.
# TYPE maintenance_state_version gauge
maintenance_state_version 12
`,
  );
});

test("escapes special characters in a label", () => {
  const blocked = [{ site: 'a"b\\c\nd', reason: "mode", count: 1 }] as const;
  const text = prometheusText({ status: () => status, counters: () => ({ blocked, bypassed: [] }) });
  expect(text).toContain('maintenance_blocked_total{site="a\\"b\\\\c\\nd",reason="mode"} 1\n');
});
