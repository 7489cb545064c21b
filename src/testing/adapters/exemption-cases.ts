import assert from "node:assert/strict";
import { type AdapterCases, type AdapterSession, assertBlocked, assertBypass, headerOf } from "./session.ts";
import { cookieUser } from "./user-cases.ts";

const from = (...addresses: readonly string[]) => ({ headers: { "X-Forwarded-For": addresses.join(", ") } });
const as = (user: string) => ({ headers: { Cookie: `user=${user}` } });

const closeSession = (session: AdapterSession): Promise<void> => session.close();

export const exemptionCases: AdapterCases = {
  "addresses and ranges pass, IPv4-mapped ones too": {
    options: () => ({
      trustProxy: 1,
      exempt: { addresses: ["10.0.0.42", "192.168.1.0/24", "2001:db8::/32"] },
    }),
    async check(session) {
      await closeSession(session);
      const addresses = ["10.0.0.42", "192.168.1.42", "2001:db8::1", "::ffff:10.0.0.42", "10.0.0.255", "110.0.0.42"];
      const found = await session.statuses(addresses.map((address) => from(address)));
      assert.deepEqual(found, [200, 200, 200, 200, 503, 503]);
    },
  },

  "an exempt address gets no bypass cookie": {
    options: () => ({ trustProxy: 1, exempt: { addresses: ["10.0.0.42"] } }),
    async check(session) {
      await closeSession(session);
      const answer = await session.send(from("10.0.0.42"));
      assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
    },
  },

  "a forwarded address is ignored unless the proxy is declared": {
    options: () => ({ exempt: { addresses: ["10.0.0.42"] } }),
    async check(session) {
      await closeSession(session);
      assertBlocked(await session.send(from("10.0.0.42")));
      assertBlocked(await session.send({ headers: { "X-Forwarded-For": ["10.0.0.42", "10.0.0.42"] } }));
    },
  },

  "behind one declared proxy the last forwarded address counts, in one header or in several": {
    options: () => ({ trustProxy: 1, exempt: { addresses: ["10.0.0.42"] } }),
    async check(session) {
      await closeSession(session);
      const several = { headers: { "X-Forwarded-For": ["10.0.0.42", "203.0.113.9"] } };
      const found = await session.statuses([
        from("10.0.0.42", "203.0.113.9"),
        several,
        from("203.0.113.9", "10.0.0.42"),
      ]);
      assert.deepEqual(found, [503, 503, 200]);
    },
  },

  "clientAddress comes before the proxies, which decide where it returns nothing or throws": {
    options: () => ({
      trustProxy: 1,
      exempt: { addresses: ["10.0.0.42"] },
      clientAddress(request) {
        const told = headerOf(request, "x-client");
        if (told === "fails") throw new Error("no address");
        return told;
      },
    }),
    async check(session) {
      await closeSession(session);
      const told = (client: string, forwarded: string) => ({
        headers: { "X-Client": client, "X-Forwarded-For": forwarded },
      });
      const found = await session.statuses([
        told("10.0.0.42", "203.0.113.9"),
        told("203.0.113.9", "10.0.0.42"),
        told("fails", "10.0.0.42"),
        told("fails", "203.0.113.9"),
        from("10.0.0.42"),
      ]);
      assert.deepEqual(found, [200, 503, 200, 503, 200]);
    },
  },

  "an exempt path passes with a query and for HEAD; its neighbours do not": {
    options: () => ({ exempt: { paths: ["/health"] } }),
    async check(session) {
      await closeSession(session);
      const head = { method: "HEAD", path: "/health" };
      const found = await session.statuses(["/health", head, "/health?x=1", "/health/other", "/healthy", "/HEALTH"]);
      assert.deepEqual(found, [200, 200, 200, 503, 503, 503]);
    },
  },

  "no spelling of another path passes as an exempt one, or breaks the server": {
    options: () => ({ exempt: { paths: ["/open/*"] } }),
    async check(session) {
      await closeSession(session);
      const hostile = [
        "/open/../private",
        "/open/%2e%2e/private",
        "/open/..%2fprivate",
        "/open/..;/private",
        "//open/x",
        "/open%2fx",
        "/%zz",
        "/open/%zz",
        "/open/%c0%ae%c0%ae/private",
        "/open/%252e%252e/private",
        "/%6fpen/../private",
        "/%6fpen/x",
        "/open/%20..%20/private",
        "/open/%EF%BC%8E%EF%BC%8E/private",
        "/open%EF%BC%8Fx",
      ];
      for (const path of hostile) assert.equal((await session.send(path)).status, 503, path);
      assert.deepEqual(
        await session.statuses(["/open", "/open/x", "/open/a%20b", "/open/a%40b"]),
        [200, 200, 200, 200],
      );
    },
  },

  "staff and superusers pass as configured, and every client reaches the sign-in": {
    options: () => ({
      exempt: { users: { staff: true, superuser: true }, adminPaths: ["/admin/login"] },
      getUser: cookieUser,
    }),
    async check(session) {
      await closeSession(session);
      const found = await session.statuses([as("staff"), as("superuser"), as("customer"), "/", "/admin/login"]);
      assert.deepEqual(found, [200, 200, 503, 503, 200]);
      assertBypass(await session.send(as("staff")), "user");
    },
  },

  "the gate waits for an asynchronous getUser; one that throws or rejects admits no client": {
    options: () => ({
      exempt: { users: { authenticated: true } },
      async getUser(request) {
        if (headerOf(request, "cookie") === "user=throws") throw new Error("the session store is away");
        return cookieUser(request);
      },
    }),
    async check(session) {
      await closeSession(session);
      assert.deepEqual(await session.statuses([as("customer"), as("throws"), "/"]), [200, 503, 503]);
    },
  },

  "a predicate of the application decides on the result of getUser": {
    options: () => ({ exempt: { users: (user) => JSON.stringify(user).includes("friend") }, getUser: cookieUser }),
    async check(session) {
      await closeSession(session);
      assert.deepEqual(await session.statuses([as("friend"), as("customer"), "/"]), [200, 503, 503]);
    },
  },

  "the request body reaches the app in full after the user was looked up": {
    options: () => ({ exempt: { users: { staff: true } }, getUser: async (request) => cookieUser(request) }),
    async check(session) {
      await closeSession(session);
      const body = "x".repeat(300_000);
      const answer = await session.send({ method: "POST", body, ...as("staff") });
      assert.equal(answer.status, 200);
      assert.ok(answer.body.startsWith("POST 300000 xxx"));
    },
  },

  "in lockdown no exemption applies but the operators' own paths": {
    options: () => ({
      trustProxy: 1,
      operatorPaths: ["/ops/*"],
      exempt: { paths: ["/health"], addresses: ["10.0.0.42"], users: { staff: true } },
      getUser: cookieUser,
    }),
    async check(session) {
      await session.close({ lockdown: true });
      const found = await session.statuses(["/health", from("10.0.0.42"), as("staff"), "/ops/sites"]);
      assert.deepEqual(found, [503, 503, 503, 200]);
    },
  },
};
