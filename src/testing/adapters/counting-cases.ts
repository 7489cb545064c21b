import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gateInternals } from "../../gate/internals.ts";
import { STREAM } from "./app.ts";
import { type AdapterCases, type AdapterSession, assertBlocked } from "./session.ts";

/** Turns of the event loop in which a server closes a response that was sent. */
const MAX_TURNS = 5_000;

interface Counted {
  readonly requests: number;
  readonly exempted: number;
}

function counted({ gate }: AdapterSession): Counted {
  const { requests, exempted } = gateInternals(gate).underWay?.counts() ?? assert.fail("the gate does not count");
  return { requests, exempted };
}

async function assertNothingIsLeft(session: AdapterSession): Promise<void> {
  const isLeft = (): boolean => counted(session).requests + counted(session).exempted > 0;
  for (let turn = 0; isLeft() && turn < MAX_TURNS; turn += 1) await nextTurn();
  assert.deepEqual(counted(session), { requests: 0, exempted: 0 });
}

/** Requests an answer in two parts, and returns what is counted between them. */
async function countedDuringStream(session: AdapterSession): Promise<Counted | null> {
  let during: Counted | null = null;
  await session.send({
    path: STREAM,
    onFirstChunk() {
      during = counted(session);
      session.app.release();
    },
  });
  return during;
}

export const countingCases: AdapterCases = {
  "a request is under way until its answer has been sent": async (session) => {
    const { send } = session;
    assert.deepEqual(await countedDuringStream(session), { requests: 1, exempted: 0 });
    await assertNothingIsLeft(session);
    await send({ method: "POST", body: "a=1" });
    await send({ method: "HEAD" });
    await assertNothingIsLeft(session);
  },

  "a request is under way until its client disconnects in the middle of the answer": async (session) => {
    const { send, leaving } = session;
    await assert.rejects(send({ path: STREAM, signal: leaving.signal, onFirstChunk: () => leaving.abort() }));
    await assertNothingIsLeft(session);
  },

  "a blocked request is not under way, and one of an exemption counts apart": {
    options: () => ({ exempt: { paths: [STREAM] } }),
    async check(session) {
      const { send, close } = session;
      await close();
      assertBlocked(await send("/"));
      await assertNothingIsLeft(session);
      assert.deepEqual(await countedDuringStream(session), { requests: 0, exempted: 1 });
      await assertNothingIsLeft(session);
    },
  },
};
