import { scryptSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { countCalls } from "../support/count-calls.ts";
import { type AdminServer, adminServer, PASSWORD } from "./admin-server.ts";

const SALT = "c2FsdCBmb3IgdGhlIGZsb29k";
/** The cheapest hash that is accepted. */
const HASH = ["scrypt", 14, 8, 1, SALT, scryptSync(PASSWORD, SALT, 32, { N: 2 ** 14 }).toString("base64url")].join(".");
/** The origin that browsers see. */
const ORIGIN = "https://admin.example";
const OPERATOR = "192.0.2.99";
/** The wrong passwords of one client that are checked before it must wait, plus one that was already queued. */
const MAX_CHECKS_OF_CLIENT = 6;
/** The refusals that are logged, per client and in total. */
const MAX_LINES_OF_CLIENT = 10;
const MAX_LINES = 100;

let server: AdminServer;

afterEach(() => server.close());

/**
 * Starts the admin behind a proxy on this machine. The clock does not advance: a client that must wait is refused until the end of the
 * test.
 */
async function behindProxy(): Promise<void> {
  server = await adminServer({
    options: { clock: createFakeClock(), trustProxy: ["127.0.0.1", "::1"] },
    admin: { password: undefined, passwordHash: HASH, origin: ORIGIN },
  });
}

async function signInFrom(address: string, password: string): Promise<number> {
  const response = await fetch(`${server.url}${server.admin.basePath}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: ORIGIN, "x-forwarded-for": address },
    body: JSON.stringify({ password }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Sends wrong passwords from each of `addresses` in turn, and the operator's correct one halfway through. */
async function flood(addresses: readonly string[], count: number) {
  const statuses: number[] = [];
  let operator = 0;
  const calls = await countCalls(async () => {
    const guesses = Array.from({ length: count }, async (_, place) => {
      const address = addresses[place % addresses.length] ?? "";
      if (place === count / 2) operator = await signInFrom(OPERATOR, PASSWORD);
      statuses.push(await signInFrom(address, `wrong password ${place}`));
    });
    await Promise.all(guesses);
  });
  const lines = server.log.filter((line) => line.includes("refused")).length;
  // An async function is counted twice: when it is called and when it resumes.
  return { operator, statuses, lines, checks: calls.of("admin/access/password-hash.ts#derive") / 2 };
}

describe("a flood of wrong passwords, over HTTP and behind a trusted proxy", () => {
  test("from six addresses: the operator gets in, few passwords are checked, and few are logged", async () => {
    await behindProxy();
    const addresses = [1, 2, 3, 4, 5, 6].map((net) => `198.51.${net}.7`);
    const { operator, statuses, lines, checks } = await flood(addresses, 120);
    expect(operator).toBe(200);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(checks).toBe(statuses.filter((status) => status === 401).length + 1);
    expect(checks).toBeLessThanOrEqual(addresses.length * MAX_CHECKS_OF_CLIENT + 1);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThanOrEqual(addresses.length * MAX_LINES_OF_CLIENT);
  });

  test("from 120 addresses: an operator who has signed in there before comes first, and the log has its own limit", async () => {
    await behindProxy();
    expect(await signInFrom(OPERATOR, PASSWORD)).toBe(200);
    const addresses = Array.from({ length: 120 }, (_, net) => `198.51.${net}.7`);
    const { operator, lines, checks } = await flood(addresses, 240);
    expect(operator).toBe(200);
    expect(checks).toBeLessThanOrEqual(241);
    expect(lines).toBeLessThanOrEqual(MAX_LINES);
  });
});

describe("two users with the same name, over HTTP", () => {
  test("each have their own limit of event streams", async () => {
    server = await adminServer();
    const ends = new AbortController();
    const colleague = async () =>
      (await server.controller.tokens.create({ name: "robin", may: ["view"], by: { kind: "program", label: "test" } }))
        .token;
    const [first, second] = [await colleague(), await colleague()];
    const open = async (token: string): Promise<number> => {
      const response = await fetch(`${server.url}${server.admin.basePath}/api/v1/events`, {
        headers: { authorization: `Bearer ${token}` },
        signal: ends.signal,
      });
      return response.status;
    };
    const openAll = (token: string) => Promise.all(Array.from({ length: 20 }, () => open(token)));
    expect(await openAll(first)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await open(first)).toBe(429);
    expect(await openAll(second)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await open(second)).toBe(429);
    ends.abort();
  });
});
