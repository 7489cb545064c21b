import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import { isMaintenance, maintenanceOf } from "../../../src/client/maintenance-info.ts";
import { closureHeader } from "../../../src/engine/answer/maintenance-header.ts";
import { BY, gateUnderTest } from "../../support/gate-under-test.ts";

const FIELD = 'closed;site="shop";until=@1796119200;version=12';

const answer = (maintenance: string, { status = 503, ...headers }: { status?: number; retryAfter?: string } = {}) =>
  new Response(null, {
    status,
    headers: { maintenance, ...(headers.retryAfter === undefined ? {} : { "retry-after": headers.retryAfter }) },
  });

describe("maintenanceOf", () => {
  test("returns mode, site, end, version and Retry-After", () => {
    expect(maintenanceOf(answer(FIELD, { retryAfter: "120" }))).toEqual({
      mode: "closed",
      site: "shop",
      until: new Date(1_796_119_200_000),
      version: 12,
      retryAfter: 120,
    });
  });

  test("returns null for what the field does not contain", () => {
    const silent = { mode: "read-only", site: null, until: null, version: null, retryAfter: null };
    expect(maintenanceOf(answer("read-only"))).toEqual(silent);
  });

  test.each([
    ["bypass;rule=address", 503],
    ["", 503],
    [FIELD, 200],
    [FIELD, 302],
  ])("'%s' with %i is not maintenance", (field, status) => {
    expect(maintenanceOf(answer(field, { status }))).toBeNull();
    expect(isMaintenance(answer(field, { status }))).toBe(false);
  });

  test.each([400, 403, 500, 503, 599])("'closed' with %i is maintenance", (status) => {
    expect(isMaintenance(answer("closed;version=1", { status }))).toBe(true);
  });

  test("a 503 without the field is not maintenance", () => {
    expect(maintenanceOf(new Response(null, { status: 503 }))).toBeNull();
  });

  test.each([
    "closed,closed",
    "closed, closed",
    '"closed"',
    "closed;",
    "closed;=1",
    "closed;Site=1",
    'closed;site="shop',
    'closed;site="a\\b"',
    "closed version=1",
    "503",
  ])("ignores a field that violates RFC 9651: %s", (field) => {
    expect(maintenanceOf(answer(field))).toBeNull();
  });

  test.each([
    ['closed;site="a;version=2"', { site: "a;version=2", version: null }],
    ['closed;site="\\"a\\\\b\\""', { site: '"a\\b"' }],
    ["  closed; version=3;flag ", { version: 3 }],
    ["closed;version=3;version=4", { version: 4 }],
    ['closed;version="3"', { version: null }],
    ["closed;version=3.5", { version: null }],
    ["closed;site=shop", { site: null }],
    ["closed;until=1796119200", { until: null }],
    ["closed;until=@999999999999999", { until: null }],
    ["closed;until=@-1", { until: null }],
    ["closed;until=@0;version=0", { until: new Date(0), version: 0 }],
    ['closed;by=%"z%c3%bc";key=:aGk=:;ok=?1;version=5', { version: 5 }],
  ])("%s", (field, expected) => {
    expect(maintenanceOf(answer(field))).toMatchObject(expected);
  });

  test("reads every field that the server writes", () => {
    const record = fc.record({
      mode: fc.constantFrom("read-only", "paused", "closed" as const),
      site: fc.stringMatching(/^(\*|[a-z0-9][a-z0-9._-]{0,20})$/),
      until: fc.option(fc.integer({ min: 0, max: 8e12 })),
      version: fc.nat(),
    });
    fc.assert(
      fc.property(record, ({ mode, site, until, version }) => {
        const info = maintenanceOf(answer(closureHeader({ mode, site, until, version })));
        const seconds = until === null ? null : Math.floor(until / 1000) * 1000;
        expect(info).toMatchObject({ mode, site, version });
        expect(info?.until?.getTime() ?? null).toBe(seconds);
      }),
    );
  });

  test("never throws, whatever the headers say", () => {
    const character = fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code));
    const likely = fc.constantFrom(
      "closed",
      ";",
      "version=",
      "until=@",
      'site="',
      '"',
      "\\",
      ",",
      " ",
      "=",
      "99",
      "GMT",
    );
    const value = fc.array(fc.oneof(character, likely)).map((parts) => parts.join(""));
    fc.assert(
      fc.property(value, value, fc.integer({ min: 200, max: 599 }), (maintenance, retryAfter, status) => {
        fc.pre(![204, 205, 304].includes(status));
        const response = answer(maintenance, { status, retryAfter });
        expect(isMaintenance(response)).toBe(maintenanceOf(response) !== null);
      }),
    );
  });

  test("reads a long hostile field in bounded time", () => {
    const field = `closed${";a=".repeat(20_000)}${';a="'.repeat(20_000)}`;
    expect(maintenanceOf(answer(field))).toBeNull();
  });
});

test("recognises the answer of a closed gate, and not an answer that passes it", async () => {
  const { gate, controller, clock } = gateUnderTest({ exempt: { paths: ["/healthz"] } });
  const handler = fetchMaintenance(gate, () => new Response("hello"));
  await controller.execute({ type: "close", until: "2026-11-21T13:00:00Z" }, BY);
  await gate.ready();
  const blocked = await handler(new Request("http://shop.example/"));
  expect(maintenanceOf(blocked)).toEqual({
    mode: "closed",
    site: "*",
    until: new Date(clock.now() + 3_600_000),
    version: 1,
    retryAfter: 3_780,
  });
  const passed = await handler(new Request("http://shop.example/healthz"));
  expect(passed.headers.get("maintenance")).toBe("bypass;rule=path");
  expect(isMaintenance(passed)).toBe(false);
  await gate.close();
});
