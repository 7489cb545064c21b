import assert from "node:assert/strict";
import { type AdapterCases, type AdapterSession, assertBlocked, assertOpen, headerOf } from "./session.ts";

const as = (user: string) => ({ headers: { Cookie: `user=${user}` } });

/** Returns the user named in a cookie, in place of a session. */
export function cookieUser(request: object): unknown {
  const kind = /user=(\w+)/.exec(headerOf(request, "cookie") ?? "")?.[1];
  return kind === undefined ? null : { name: kind, isStaff: kind === "staff", isSuperuser: kind === "superuser" };
}

/** Reads the body of a request, or of the one that the framework's own request has as `raw`. */
async function readBody(request: object): Promise<string> {
  const { raw = request } = request as { readonly raw?: object };
  if (raw instanceof Request) return raw.text();
  let body = "";
  for await (const chunk of raw as AsyncIterable<unknown>) body += String(chunk);
  return body;
}

/** The users whose sessions were ended, oldest first. */
const ended = new WeakMap<AdapterSession, string[]>();

function endedIn(session: AdapterSession): string[] {
  const list = ended.get(session) ?? [];
  ended.set(session, list);
  return list;
}

/** Asynchronous, as session stores are. */
async function endSession(session: AdapterSession, request: object): Promise<void> {
  await Promise.resolve();
  endedIn(session).push(headerOf(request, "cookie") ?? "(no cookie)");
}

export const userCases: AdapterCases = {
  "users that logOut matches are logged out and count as anonymous; others pass as configured": {
    options: (session) => ({
      getUser: cookieUser,
      exempt: { users: { authenticated: true } },
      logOut: { staff: true, end: (request) => endSession(session(), request) },
    }),
    async check(session) {
      assertOpen(await session.send(as("staff")));
      await session.close({ mode: "read-only" });
      assert.deepEqual(await session.statuses([as("staff"), { method: "POST", ...as("staff") }]), [200, 200]);
      assert.deepEqual(endedIn(session), []);
      await session.close();
      assert.deepEqual(await session.statuses([as("staff"), as("customer"), "/"]), [503, 200, 503]);
      assert.deepEqual(endedIn(session), ["user=staff"]);
    },
  },

  "every user is logged out where no user is exempt, except one who passes for another reason": {
    options: (session) => ({
      getUser: cookieUser,
      exempt: { paths: ["/health"] },
      logOut: { authenticated: true, end: (request) => endSession(session(), request) },
    }),
    async check(session) {
      await session.close();
      assert.deepEqual(await session.statuses([{ path: "/health", ...as("customer") }, "/"]), [200, 503]);
      assert.deepEqual(endedIn(session), []);
      assertBlocked(await session.send(as("customer")));
      assert.deepEqual(endedIn(session), ["user=customer"]);
    },
  },

  "the gate waits ten seconds for a getUser that does not answer, and then admits no client": {
    options: (session) => ({
      exempt: { users: { authenticated: true } },
      async getUser() {
        session().leaving.abort();
        return new Promise(() => {});
      },
    }),
    async check({ send, close, clock, leaving, app }) {
      await close();
      const asked = new Promise((resolve) => leaving.signal.addEventListener("abort", resolve));
      const answer = send(as("customer"));
      await asked;
      await clock.advance(10_000);
      assertBlocked(await answer);
      assert.deepEqual(app.seen, []);
    },
  },

  "a request whose body getUser or classify has read is answered and blocked": {
    options: () => ({
      exempt: { users: () => true },
      getUser: readBody,
      readOnly: {
        async classify(request): Promise<"read"> {
          await readBody(request);
          return "read";
        },
      },
    }),
    async check(session) {
      const post = { method: "POST", ...as("customer") };
      for (const mode of ["closed", "read-only"] as const) {
        await session.close({ mode });
        for (const body of ["a=1", "x".repeat(300_000)]) assertBlocked(await session.send({ ...post, body }), mode);
      }
      assert.deepEqual(session.app.seen, []);
    },
  },

  "a user that counts as anonymous passes where anonymous clients do, also if logging out has failed": {
    options: () => ({
      getUser: cookieUser,
      exempt: { users: { anonymous: true } },
      logOut: {
        superuser: true,
        end() {
          throw new Error("the session store is away");
        },
      },
    }),
    async check(session) {
      await session.close();
      assert.deepEqual(await session.statuses([as("superuser"), as("customer"), "/"]), [200, 503, 200]);
    },
  },
};
