import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { guard } from "../../src/adapters/node.ts";
import { ends, gateWithList as setUp } from "../support/gate-with-list.ts";
import { serve } from "../support/serve.ts";

async function serving() {
  const under = await setUp();
  const server = createServer((_request, response) => void response.end("app"));
  const remove = guard(server, under.gate);
  const { close } = await serve(server);
  const end = () => (server.listening ? close() : undefined);
  ends.push(end);
  const state = async () => {
    await under.clock.advance(2_000);
    return (await under.row())?.state;
  };
  return { ...under, server, remove, state, end };
}

describe("the row of a process whose guard was removed", () => {
  test("says that it is unguarded within seconds, until its server is guarded again", async () => {
    const { gate, server, remove, state } = await serving();
    expect(await state()).toBe("in");
    remove();
    remove();
    expect(await state()).toBe("unguarded");
    guard(server, gate);
    expect(await state()).toBe("in");
  });

  test("says so until its server has closed", async () => {
    const { remove, state, end } = await serving();
    remove();
    expect(await state()).toBe("unguarded");
    await end();
    expect(await state()).toBe("in");
  });

  test("does not say so while another guard of the server remains, nor of a server that takes no requests", async () => {
    const { gate, server, remove, state, end } = await serving();
    const removeSecond = guard(server, gate);
    remove();
    expect(await state()).toBe("in");
    await end();
    removeSecond();
    guard(createServer(), gate)();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await state()).toBe("in");
  });

  test("keeps a barrier from counting it as closed", async () => {
    const { remove, arm, controller, clock, row, state } = await serving();
    await arm({ targets: [{ site: "shop" }] });
    await controller.close("shop");
    await clock.advance(2_000);
    expect(await row()).toMatchObject({ state: "in", attests: [{ outcome: "closed" }] });
    remove();
    expect(await state()).toBe("unguarded");
  });
});
