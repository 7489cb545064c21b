import { expect, test } from "vitest";
import { printRefusal, runWithout } from "../../support/servers/run-without.ts";

const STORE = new URL("../../../src/stores/nats.ts", import.meta.url);
const PROGRAM = printRefusal(STORE, "natsStore", { servers: "127.0.0.1:1" });

test.each(["@nats-io/transport-node", "@nats-io/jetstream", "@nats-io/kv"])(
  "without %s, the error says what to install",
  async (missing) => {
    expect(JSON.parse(await runWithout([missing], PROGRAM))).toEqual({
      code: "ERR_DRIVER_MISSING",
      message: `natsStore needs the package '${missing}'.`,
      hint: `Run: npm install ${missing}`,
    });
  },
);

test("without any of its packages, the error names all at once", async () => {
  const packages = ["@nats-io/transport-node", "@nats-io/jetstream", "@nats-io/kv"];
  expect(JSON.parse(await runWithout(packages, PROGRAM))).toMatchObject({
    code: "ERR_DRIVER_MISSING",
    hint: "Run: npm install @nats-io/jetstream @nats-io/transport-node @nats-io/kv",
  });
});

test("without a server, the error says so", async () => {
  expect(JSON.parse(await runWithout([], PROGRAM))).toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    message: expect.stringContaining("NATS at 127.0.0.1:1: "),
    hint: expect.stringContaining("Start NATS"),
  });
});
