import assert from "node:assert/strict";
import { DESCRIBING, PREPARED } from "./app.ts";
import type { WireRequest } from "./client.ts";
import { type AdapterCases, assertBlocked, assertOpen } from "./session.ts";

const HOUR = 3_600_000;

export const answerCases: AdapterCases = {
  "while the site is open, the app's answer is returned unchanged": async ({ send, app }) => {
    const answer = await send("/foo?x=1");
    assertOpen(answer);
    assert.equal(answer.body, "GET 0 ");
    assert.deepEqual(
      [...answer.headers.keys()].filter((name) => /maintenance|retry-after|vary/.test(name)),
      [],
    );
    assert.equal(app.seen.length, 1);
  },

  "a closed site answers 503 with every header, and the request does not reach the app": async ({
    send,
    close,
    app,
  }) => {
    await close({ retryAfter: 60, refresh: 60 });
    const answer = await send("/foo");
    assertBlocked(answer);
    assert.equal(answer.headers.get("retry-after"), "60");
    assert.equal(answer.headers.get("refresh"), "60");
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(answer.body)));
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.ok(answer.headers.has("content-security-policy"));
    assert.deepEqual(app.seen, []);
  },

  "HEAD gets the headers of GET and no body": async ({ send, close }) => {
    await close();
    const get = await send("/");
    const head = await send({ method: "HEAD" });
    assertBlocked(head);
    assert.equal(head.body, "");
    assert.equal(head.headers.get("content-length"), get.headers.get("content-length"));
    assert.equal(head.headers.get("content-type"), get.headers.get("content-type"));
  },

  "a client that prefers JSON gets a problem, with the message and Retry-After": async ({ send, close }) => {
    await close({ message: "Back at nine" });
    const answer = await send({ headers: { Accept: "application/json" } });
    assertBlocked(answer);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    const problem = JSON.parse(answer.body);
    assert.equal(problem.message, "Back at nine");
    assert.equal(String(problem.retryAfter), answer.headers.get("retry-after"));
  },

  "a client that accepts only plain text gets plain text": async ({ send, close }) => {
    await close({ message: "Back at nine" });
    const answer = await send({ headers: { Accept: "text/plain" } });
    assertBlocked(answer);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    assert.match(answer.body, /Back at nine/);
  },

  "a path of an API gets JSON whatever its Accept": {
    options: () => ({ jsonPaths: ["/api/*"] }),
    async check({ send, close }) {
      await close();
      assert.equal((await send("/api/users")).headers.get("content-type"), "application/problem+json");
      assert.match((await send("/dashboard")).headers.get("content-type") ?? "", /^text\/html/);
    },
  },

  "the page is in the reader's language, also when the header comes twice": async ({ send, close }) => {
    await close();
    const german = await send({ headers: { "Accept-Language": "de-AT,de;q=0.9" } });
    assert.equal(german.headers.get("content-language"), "de");
    const twice = await send({ headers: { "Accept-Language": ["xx", "fr"] } });
    assert.equal(twice.headers.get("content-language"), "fr");
  },

  "a message is escaped on the page": async ({ send, close }) => {
    await close({ message: "<script>alert(1)</script>" });
    assert.doesNotMatch((await send("/")).body, /<script>alert/);
  },

  "browsers are redirected, programs are not, and requests for the target pass": async ({ send, close }) => {
    await close({ redirect: "/down" });
    const browser = await send({ headers: { Accept: "text/html" } });
    assert.equal(browser.status, 302);
    assert.equal(browser.headers.get("location"), "/down");
    assertBlocked(await send({ headers: { Accept: "application/json" } }));
    assert.equal((await send("/down")).status, 200);
  },

  "every method gets the answer, also for robots.txt and the icon": async ({ send, close, app }) => {
    await close();
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) assertBlocked(await send({ method }));
    assertBlocked(await send({ headers: { "X-Requested-With": "XMLHttpRequest" } }));
    assertBlocked(await send("/robots.txt"));
    assertBlocked(await send("/favicon.ico"));
    assert.deepEqual(app.seen, []);
  },

  "with a known end, Retry-After points to it, and the site opens automatically at the end": async (session) => {
    const until = new Date(session.clock.now() + 2 * HOUR).toISOString();
    await session.close({ until });
    const seconds = Number((await session.send()).headers.get("retry-after"));
    assert.ok(seconds >= 7_200 && seconds <= 7_920, `Retry-After was ${seconds}`);
    await session.clock.advance(2 * HOUR - 1_000);
    assertBlocked(await session.send());
    await session.clock.advance(1_000);
    assertOpen(await session.send());
  },

  "Retry-After of the application's own `respond` is at most a day, in seconds and as a date": {
    options: () => ({
      respond: ({ target }) => ({ headers: { "retry-after": decodeURIComponent(target.slice(2)) }, body: "own" }),
    }),
    async check({ send, close, clock }) {
      await close({ retryAfter: 60 });
      const answered = async (value: string): Promise<string | undefined> => {
        const answer = await send(`/?${encodeURIComponent(value)}`);
        assert.deepEqual([answer.status, answer.body], [503, "own"]);
        return answer.headers.get("retry-after");
      };
      const dateIn = (milliseconds: number): string => new Date(clock.now() + milliseconds).toUTCString();
      assert.equal(await answered("120"), "120");
      assert.equal(await answered("86401"), "86400");
      assert.equal(await answered("9".repeat(400)), "86400");
      assert.equal(await answered(dateIn(HOUR)), dateIn(HOUR));
      assert.equal(await answered(dateIn(25 * HOUR)), dateIn(24 * HOUR));
      assert.equal(await answered("Fri, 31 Dec 9999 23:59:59 GMT"), dateIn(24 * HOUR));
      for (const neither of ["1e9", "999999.5", "-5", "soon", ""]) assert.equal(await answered(neither), "60");
    },
  },
};

export const middlewareCases: AdapterCases = {
  "headers that middleware has set for the app's answer are not on the gate's, except policies": async (session) => {
    const found = async (request: string | WireRequest): Promise<readonly string[]> => {
      const { headers } = await session.send(request);
      return [...DESCRIBING, ["X-Frame-Options"]].flatMap(([name = ""]) =>
        headers.has(name.toLowerCase()) ? name : [],
      );
    };
    assert.deepEqual(await found(PREPARED), [...DESCRIBING.map(([name]) => name), "X-Frame-Options"]);
    await session.close();
    for (const body of ["a=1", "x".repeat(300_000)]) {
      assert.deepEqual(await found({ method: "POST", path: PREPARED, body }), ["X-Frame-Options"]);
    }
    assertBlocked(await session.send(PREPARED));
  },
};
