import assert from "node:assert/strict";
import { type AdapterCases, assertBlocked, assertOpen } from "./session.ts";

const OPEN = "/forced-open";
const CLOSED = "/forced-closed";

export const routeCases: AdapterCases = {
  "a route that is forced open answers as ever while the site is closed, and the others do not": async (session) => {
    await session.close();
    assertOpen(await session.send(OPEN));
    assertOpen(await session.send({ path: `${OPEN}?x=1` }));
    const post = { method: "POST", path: OPEN, body: "x".repeat(100_000) };
    assert.ok((await session.send(post)).body.startsWith("POST 100000 xxx"));
    for (const path of ["/", `${OPEN}/below`, `${OPEN}/../${OPEN}`]) assertBlocked(await session.send(path));
    assert.equal(session.app.seen.length, 3);
  },

  "a route that is forced open answers in lockdown, and in whatever mode": async (session) => {
    await session.close({ lockdown: true });
    assertOpen(await session.send(OPEN));
    await session.close({ mode: "read-only", lockdown: true });
    assert.deepEqual(await session.statuses([{ method: "POST", path: OPEN }, { method: "POST" }]), [200, 503]);
  },

  "a route that is forced closed answers as a closed site, whatever the mode": {
    options: () => ({ exempt: { paths: ["/*"] } }),
    async check(session) {
      assertBlocked(await session.send(CLOSED));
      assertOpen(await session.send("/"));
      await session.close();
      const answer = await session.send({ path: CLOSED, headers: { Accept: "application/json" } });
      assertBlocked(answer);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      const head = await session.send({ method: "HEAD", path: CLOSED });
      assertBlocked(head);
      assert.equal(head.body, "");
      assert.deepEqual(session.app.seen, ["GET /"]);
    },
  },
};
