import { expect, test } from "vitest";
import { natsStore } from "../../../src/stores/nats.ts";
import { capabilitiesAsRows, capabilityRows } from "../../support/capability-rows.ts";

const servers = "127.0.0.1:4222";
const client = {
  getServer: () => "bus.example:4222",
  isClosed: () => false,
  isDraining: () => false,
  rtt: () => 1,
  request: async () => 1,
};

test.each([
  [{}, "no server"],
  [{ servers: undefined }, "no server"],
  [{ servers, client }, "more than one server"],
  [{ servers: "nats://app:the-secret@127.0.0.1" }, "a user name or a password"],
  [{ servers: [servers, "http://"] }, "not an address"],
  [{ servers: [] }, "servers"],
  [{ client: {} }, "client"],
  [{ servers, bucket: "a.b" }, "bucket"],
  [{ servers, bucket: "" }, "bucket"],
  [{ servers, replicas: 2 }, "replicas"],
  [{ servers, keepChanges: 0 }, "keepChanges"],
  [{ servers, timeout: 600_001 }, "timeout"],
  [{ servers, buckt: "x" }, "'buckt'"],
])("refuses %o, and the message says %s", (options: object, said) => {
  const attempt = (): unknown => natsStore(options);
  expect(attempt).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.stringContaining(said) }),
  );
  expect(attempt).not.toThrow(expect.objectContaining({ message: expect.stringContaining("secret") }));
});

test.each([
  [{ servers: "bus.example" }, "NATS at bus.example:4222"],
  [{ servers: ["nats://bus.example:4223", "tls://bus2.example"] }, "NATS at bus.example:4223, bus2.example:4222"],
  [{ connection: { user: "app", pass: "the-secret" } }, "NATS at 127.0.0.1:4222"],
  [{ client }, "NATS at bus.example:4222"],
])("the name of the store shows the place and no password: %o", (options, name) => {
  expect(natsStore(options).name).toBe(name);
});

test("the store does nothing until it is used, and can be closed before", async () => {
  await natsStore({ servers: "127.0.0.1:1" }).close();
});

test("docs/stores-nats.md lists the capabilities of the store", () => {
  expect(capabilityRows("stores-nats")).toMatchObject(capabilitiesAsRows(natsStore({ servers }).capabilities));
});
