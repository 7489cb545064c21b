import assert from "node:assert/strict";
import { ARRAY_HEAD, CACHEABLE, FAILURE, REDIRECTION, STORING, STREAM } from "./app.ts";
import { type AdapterCase, type AdapterCases, type AdapterSession, assertBypass, assertOpen } from "./session.ts";

/** Everything passes, and all of it has to be marked. */
function whileEverythingPasses(check: (session: AdapterSession) => Promise<void>): AdapterCase {
  return {
    options: () => ({ exempt: { paths: ["/*"] } }),
    async check(session) {
      await session.close();
      await check(session);
    },
  };
}

/** The second half is written when the first has arrived: whoever collects the whole answer first waits for ever. */
async function streamThrough({ send, app }: AdapterSession): Promise<Awaited<ReturnType<AdapterSession["send"]>>> {
  const answer = await send({ path: STREAM, onFirstChunk: () => app.release() });
  assert.equal(answer.body, "first half, second half");
  return answer;
}

export const bypassCases: AdapterCases = {
  "an answer that passes a closed site is marked and private, whatever the app says, and keeps its cookies":
    whileEverythingPasses(async ({ send }) => {
      const answer = await send("/any");
      assertBypass(answer, "path");
      assert.equal(answer.body, "GET 0 ");
      assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
    }),

  "an app that writes its headers at once, as a list, is marked too": whileEverythingPasses(async ({ send }) => {
    const answer = await send(ARRAY_HEAD);
    assertBypass(answer, "path");
    assert.equal(answer.headers.get("content-type"), "text/plain");
    assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
  }),

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

  "an error of the app's stays the app's own": whileEverythingPasses(async ({ send, open }) => {
    const marked = await send(FAILURE);
    assertBypass(marked, "path");
    assert.deepEqual([marked.status, marked.body], [500, "the app's own error"]);
    await open();
    const plain = await send(FAILURE);
    assert.deepEqual([plain.status, plain.body], [500, "the app's own error"]);
    assert.equal(plain.headers.has("maintenance"), false);
  }),

  "a redirection of the app's is marked and leads where it led": whileEverythingPasses(async ({ send }) => {
    const answer = await send(REDIRECTION);
    assertBypass(answer, "path");
    assert.deepEqual([answer.status, answer.headers.get("location")], [302, "http://localhost/elsewhere"]);
  }),

  "the mark is gone with the closure": whileEverythingPasses(async ({ send, open }) => {
    assertBypass(await send(), "path");
    await open();
    assertOpen(await send());
  }),

  "a stream passes piece by piece while all is open": async (session) => {
    assertOpen(await streamThrough(session));
  },

  "a stream passes piece by piece through a closed site": whileEverythingPasses(async (session) => {
    assertBypass(await streamThrough(session), "path");
  }),
};
