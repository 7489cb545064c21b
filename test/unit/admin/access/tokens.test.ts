import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Identified } from "../../../../src/admin/access/access.ts";
import type { NewToken } from "../../../../src/control/apply/mint-access-token.ts";
import { RIGHTS, type Right } from "../../../../src/state/access-token.ts";
import { type AccessUnderTest, accessUnderTest, asks, BY, type Sent } from "./access-under-test.ts";

let it: AccessUnderTest;
beforeEach(async () => {
  it = await accessUnderTest();
});
afterEach(() => it.close());

async function create(request: Partial<NewToken> = {}): Promise<{ readonly id: string; readonly token: string }> {
  const created = await it.controller.tokens.create({ name: "ci", may: ["view", "switch"], ...request, by: BY });
  await it.gate.refresh();
  return created;
}

async function present(authorization: string, method = "GET", sent: Sent = {}): Promise<Identified> {
  return await it.access.identify(asks(method, { authorization }, sent));
}

test("a token gets in under its name, and can change things from any origin", async () => {
  const { token } = await create();
  for (const [scheme, method] of [
    ["Bearer", "GET"],
    ["bearer", "POST"],
    ["BEARER ", "DELETE"],
  ] as const) {
    expect(await present(`${scheme} ${token}`, method)).toMatchObject({
      outcome: "known",
      principal: { name: "ci", via: "token" },
      headers: [],
    });
  }
});

test.each<[Partial<NewToken>, Right[], string[], string[]]>([
  [{}, ["view", "switch"], ["*", "shop", "blog"], []],
  [{ may: ["links"], sites: ["shop"] }, ["links"], ["shop"], ["*", "blog", "shop2", ""]],
  [{ may: ["access"], sites: ["*"] }, ["access"], ["*", "shop", "unknown"], []],
])("a token for %j has these rights on these sites, and no others", async (request, rights, there, elsewhere) => {
  const answer = await present(`Bearer ${(await create(request)).token}`);
  if (answer.outcome === "refused") throw answer.error;
  for (const right of RIGHTS) {
    for (const site of there)
      expect([right, site, answer.principal.may(right, site)]).toEqual([right, site, rights.includes(right)]);
    for (const site of elsewhere)
      expect([right, site, answer.principal.may(right, site)]).toEqual([right, site, false]);
  }
});

test("a revoked token is refused as soon as the gate has followed, and another stays valid", async () => {
  const [gone, stays] = [await create(), await create({ name: "deploy" })];
  await it.controller.execute({ type: "revoke-tokens", tokens: [gone.id] }, BY);
  await it.gate.refresh();
  expect(await present(`Bearer ${gone.token}`, "POST")).toMatchObject({ outcome: "refused", status: 401 });
  expect(await present(`Bearer ${stays.token}`, "POST")).toMatchObject({ outcome: "known" });
});

test("another process refuses a revoked token after its next poll", async () => {
  const { id, token } = await create();
  await it.controller.execute({ type: "revoke-tokens", tokens: [id] }, BY);
  await it.clock.advance(3_000);
  expect(await present(`Bearer ${token}`)).toMatchObject({ outcome: "refused" });
});

test("an expired token is refused at the second of its end, with that reason", async () => {
  const { token } = await create({ expires: "2026-11-21T13:00:00Z" });
  await it.clock.advance(3_599_000);
  expect(await present(`Bearer ${token}`)).toMatchObject({ outcome: "known" });
  expect(it.access.ways.tokens).toBe(true);
  await it.clock.advance(1_000);
  expect(await present(`Bearer ${token}`)).toMatchObject({
    status: 401,
    error: { message: "The token 'ci' has expired." },
    headers: [["WWW-Authenticate", 'Bearer realm="maintenance-mode", error="invalid_token"']],
  });
  expect(it.access.ways.tokens).toBe(false);
});

test.each([
  "Bearer",
  "Bearer ",
  "Bearer mm_",
  "Bearer a b",
  "Bearer, Bearer",
  `Bearer ${"x".repeat(20_000)}`,
  "Bearer é",
])("'%.30s' is a wrong token", async (authorization) => {
  await create();
  expect(await present(authorization)).toMatchObject({ outcome: "refused", status: 401 });
});

test("a token is accepted only with the scheme Bearer", async () => {
  const { token } = await create();
  for (const value of [token, `Basic ${token}`, `Token ${token}`, `BearerX ${token}`]) {
    expect(await present(value)).toMatchObject({ outcome: "refused", error: { message: "You are not signed in." } });
  }
});

test("the stored hash of a token is not a token", async () => {
  const { id } = await create();
  const stored = it.gate.snapshot.all.record.access.tokens[0];
  for (const value of [id, stored?.hash, `mm_${stored?.hash}`]) {
    expect(await present(`Bearer ${value}`)).toMatchObject({ outcome: "refused" });
  }
});

test("a client that guesses waits longer each time, but its neighbours and valid tokens do not", async () => {
  const { token } = await create();
  for (let guess = 1; guess <= 5; guess += 1)
    expect(await present(`Bearer mm_${guess}`)).toMatchObject({ status: 401 });
  expect(await present("Bearer mm_6")).toMatchObject({
    status: 429,
    error: { code: "ERR_TOO_MANY_REQUESTS" },
    headers: [["Retry-After", "15"]],
  });
  expect(await present("Bearer mm_7", "GET", { address: "192.0.2.2" })).toMatchObject({ status: 401 });
  expect(await present(`Bearer ${token}`)).toMatchObject({ outcome: "known" });
  await it.clock.advance(15_000);
  expect(await present("Bearer mm_8")).toMatchObject({ status: 401 });
  expect(await present("Bearer mm_9")).toMatchObject({ status: 429, headers: [["Retry-After", "30"]] });
});

test("with `tokens: false` no token is accepted", async () => {
  await it.close();
  it = await accessUnderTest({ tokens: false });
  expect(await present(`Bearer ${(await create()).token}`)).toMatchObject({ outcome: "refused", status: 401 });
  expect(it.access.ways.tokens).toBe(false);
  expect(it.access.advice).not.toBeNull();
});

test("a token that is changed in any way is refused", async () => {
  const { token } = await create();
  const changed = fc
    .tuple(fc.nat(token.length), fc.nat(3), fc.stringMatching(/^[\w-]{0,3}$/))
    .map(([at, left, put]) => token.slice(0, at) + put + token.slice(at + left))
    .filter((value) => value !== token);
  let address = 0;
  await fc.assert(
    fc.asyncProperty(changed, async (value) => {
      address += 1;
      expect(
        await present(`Bearer ${value}`, "GET", { address: `10.0.${address >> 8}.${address & 255}` }),
      ).toMatchObject({
        outcome: "refused",
        status: 401,
      });
    }),
  );
});
