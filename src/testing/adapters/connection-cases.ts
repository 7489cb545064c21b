import assert from "node:assert/strict";
import { STREAM } from "./app.ts";
import { keepConnection } from "./client.ts";
import { type AdapterCases, assertBlocked, assertOpen } from "./session.ts";

export const connectionCases: AdapterCases = {
  "a body reaches the app whole while all is open": async ({ send }) => {
    const answer = await send({ method: "POST", body: "x".repeat(300_000) });
    assert.ok(answer.body.startsWith("POST 300000 xxx"));
  },

  "a large POST to a closed site gets its whole 503": async ({ send, close, app }) => {
    await close();
    const answer = await send({ method: "POST", path: "/upload", body: "x".repeat(8_000_000) });
    assertBlocked(answer);
    assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(answer.body)));
    assert.deepEqual(app.seen, []);
  },

  "small requests with a body go on over one connection while it is closed": async ({ send, close }) => {
    await close();
    const agent = await keepConnection();
    const connections = new Set<number>();
    for (let i = 0; i < 5; i += 1) {
      const answer = await send({ method: "POST", body: "a=1", agent });
      assertBlocked(answer);
      connections.add(answer.connection);
    }
    agent.destroy();
    assert.equal(connections.size, 1);
  },

  "a hundred requests on one connection see the site close and open again": async ({ send, close, open }) => {
    const agent = await keepConnection();
    const connections = new Set<number>();
    for (let i = 0; i < 100; i += 1) {
      if (i === 25) await close();
      if (i === 75) await open();
      const answer = await send({ path: `/${i}`, agent });
      if (i >= 25 && i < 75) assertBlocked(answer);
      else assertOpen(answer);
      connections.add(answer.connection);
    }
    agent.destroy();
    assert.equal(connections.size, 1);
  },

  "a client that goes away in the middle of an answer harms nobody": {
    options: () => ({ exempt: { paths: ["/stream"] } }),
    async check({ send, close, app, leaving }) {
      await close();
      const answer = send({ path: STREAM, signal: leaving.signal, onFirstChunk: () => leaving.abort() });
      await assert.rejects(answer);
      app.release();
      assertBlocked(await send());
    },
  },

  "a client that goes away while the user is looked up harms nobody": {
    options: (session) => ({
      exempt: { users: { authenticated: true } },
      getUser() {
        session().leaving.abort();
        return session().app.released;
      },
    }),
    async check({ send, close, app, leaving }) {
      await close();
      const answer = send({ headers: { Cookie: "a=1" }, signal: leaving.signal });
      await assert.rejects(answer);
      app.release();
      assertBlocked(await send({ headers: { Cookie: "a=1" } }));
      assert.deepEqual(app.seen, []);
    },
  },
};
