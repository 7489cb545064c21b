import assert from "node:assert/strict";
import { ARRAY_HEAD, CACHEABLE, FAILURE, REDIRECTION, STORING, STREAM } from "./app.ts";
import {
  type AdapterCase,
  type AdapterCases,
  type AdapterSession,
  assertBlocked,
  assertBypass,
  assertOpen,
} from "./session.ts";

const BY = { kind: "program", label: "conformance" } as const;

/** Returns the query of a new link into every site. */
async function createLink({ controller, gate }: AdapterSession): Promise<string> {
  const { query } = await controller.links.create({ label: "for a reviewer", by: BY });
  await gate.refresh();
  return query;
}

export const linkCases: AdapterCases = {
  "a bypass link is swapped for a cookie and sends the browser to the clean address, where it passes": async (
    session,
  ) => {
    await session.close();
    const query = await createLink(session);
    const admitted = await session.send(`/a?x=1&${query}`);
    assert.deepEqual([admitted.status, admitted.headers.get("location")], [302, "/a?x=1"]);
    assert.equal(admitted.headers.get("cache-control"), "no-store");
    assert.equal(admitted.headers.get("referrer-policy"), "no-referrer");
    const [cookie = "", ...others] = admitted.cookies;
    assert.deepEqual(others, []);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax"]) assert.ok(cookie.includes(attribute), cookie);
    assert.deepEqual(session.app.seen, []);
    const [pair = ""] = cookie.split(";");
    assertBypass(await session.send({ path: "/b", headers: { Cookie: `other=1; ${pair}` } }), "bypass-cookie");
    assertBlocked(await session.send({ path: "/b", headers: { Cookie: `other=1; ${pair}x` } }));
  },

  "a POST with a bypass link passes without a redirect, with its body": async (session) => {
    await session.close();
    const query = await createLink(session);
    const answer = await session.send({ method: "POST", path: `/a?${query}`, body: "a=1" });
    assertBypass(answer, "bypass-link");
    assert.equal(answer.body, "POST 3 a=1");
  },

  "a wrong or empty token admits no client": async (session) => {
    await session.close();
    const query = await createLink(session);
    for (const wrong of [`${query}x`, "maintenance-access=", "maintenance-access[]=x", query.replace("=", "%3D")]) {
      assertBlocked(await session.send(`/?${wrong}`));
    }
  },

  "of several tokens the valid one counts, in whatever way its name is escaped, and the clean address has none": async (
    session,
  ) => {
    await session.close();
    const query = await createLink(session);
    const escaped = query.replace("maintenance-access", "%6Daintenance%2daccess");
    for (const presented of [
      `x=1&${query}&${query}&y=%2d`,
      `x=1&maintenance-access=old&${query}&y=%2d`,
      `x=1&${query}&maintenance-access=old&y=%2d&maintenance-access`,
      `x=1&${escaped}&y=%2d`,
      `maintenance%2Daccess=&x=1&${escaped}&y=%2d&${query}x`,
    ]) {
      const { status, headers } = await session.send(`/a?${presented}`);
      assert.deepEqual([status, headers.get("location")], [302, "/a?x=1&y=%2d"], presented);
    }
  },

  "a revoked link and its cookies are void at once": async (session) => {
    await session.close();
    const admitted = await session.send(`/?${await createLink(session)}`);
    await session.controller.execute({ type: "revoke-links" }, BY);
    await session.gate.refresh();
    assertBlocked(await session.send({ headers: { Cookie: (admitted.cookies[0] ?? "").split(";")[0] } }));
  },
};

/** Requests pass although the site is closed, and every answer has to be marked. */
function whileEverythingPasses(check: (session: AdapterSession) => Promise<void>): AdapterCase {
  return {
    options: () => ({ exempt: { paths: ["/*"] } }),
    async check(session) {
      await session.close();
      await check(session);
    },
  };
}

/** The second half is written when the first has arrived: an adapter that collects the whole answer first would never send it. */
async function streamThrough({ send, app }: AdapterSession): Promise<Awaited<ReturnType<AdapterSession["send"]>>> {
  const answer = await send({ path: STREAM, onFirstChunk: () => app.release() });
  assert.equal(answer.body, "first half, second half");
  return answer;
}

export const bypassCases: AdapterCases = {
  "an answer that passes a closed site is marked and private, whatever the app sets, and keeps its cookies":
    whileEverythingPasses(async ({ send }) => {
      const answer = await send("/any");
      assertBypass(answer, "path");
      assert.equal(answer.body, "GET 0 ");
      assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
    }),

  "an answer whose headers the app writes at once, as a list, is marked too": whileEverythingPasses(
    async ({ send }) => {
      const answer = await send(ARRAY_HEAD);
      assertBypass(answer, "path");
      assert.equal(answer.headers.get("content-type"), "text/plain");
      assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
    },
  ),

  "an answer that passes a closed site keeps no field by which a cache would store it": whileEverythingPasses(
    async ({ send, open }) => {
      for (const path of [CACHEABLE, `${CACHEABLE}/list`]) {
        const answer = await send(path);
        assertBypass(answer, "path");
        assert.equal(answer.body, "to be stored");
        assert.deepEqual(
          STORING.filter(([name]) => answer.headers.has(name.toLowerCase())),
          [],
        );
        assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
      }
      await open();
      assert.equal((await send(CACHEABLE)).headers.get("surrogate-control"), "max-age=600");
    },
  ),

  "HEAD is marked, and has no body": whileEverythingPasses(async ({ send }) => {
    const answer = await send({ method: "HEAD" });
    assertBypass(answer, "path");
    assert.equal(answer.body, "");
  }),

  "an error of the app is returned unchanged": whileEverythingPasses(async ({ send, open }) => {
    const marked = await send(FAILURE);
    assertBypass(marked, "path");
    assert.deepEqual([marked.status, marked.body], [500, "the app's own error"]);
    await open();
    const plain = await send(FAILURE);
    assert.deepEqual([plain.status, plain.body], [500, "the app's own error"]);
    assert.equal(plain.headers.has("maintenance"), false);
  }),

  "a redirect of the app is marked and keeps its target": whileEverythingPasses(async ({ send }) => {
    const answer = await send(REDIRECTION);
    assertBypass(answer, "path");
    assert.deepEqual([answer.status, answer.headers.get("location")], [302, "http://localhost/elsewhere"]);
  }),

  "the mark is gone with the closure": whileEverythingPasses(async ({ send, open }) => {
    assertBypass(await send(), "path");
    await open();
    assertOpen(await send());
  }),

  "a stream passes piece by piece while the site is open": async (session) => {
    assertOpen(await streamThrough(session));
  },

  "a stream passes piece by piece through a closed site": whileEverythingPasses(async (session) => {
    assertBypass(await streamThrough(session), "path");
  }),
};
