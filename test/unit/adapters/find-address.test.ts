import { describe, expect, test } from "vitest";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import { findAddress } from "../../../src/adapters/shared/find-address.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { createController } from "../../../src/control/controller.ts";
import { type GateInternals, gateInternals } from "../../../src/gate/internals.ts";
import { createGate } from "../../../src/gate.ts";
import { memoryStore } from "../../../src/stores/memory.ts";

/** A gate and the messages that it has logged. */
function gateWith(options: MaintenanceOptions): { readonly gate: GateInternals; readonly told: readonly string[] } {
  const told: string[] = [];
  const tell = (message: string): void => void told.push(message);
  const logger = { debug: tell, info: tell, warn: tell, error: tell };
  return { gate: gateInternals(createGate({ store: memoryStore(), logger, ...options })), told };
}

const request = { own: "10.0.0.9" };
const from = (peer: string | undefined, forwarded?: string) => ({
  request,
  peer,
  header: (name: string) => (name === "x-forwarded-for" ? forwarded : undefined),
});

describe("the option clientAddress", () => {
  test("takes precedence over trustProxy, and gets the framework's request", () => {
    const { gate, told } = gateWith({ clientAddress: (given) => Reflect.get(given, "own"), trustProxy: 1 });
    expect(findAddress(gate, from("10.0.0.1", "10.0.0.2"))).toBe("10.0.0.9");
    expect(told).toEqual([]);
  });

  test("falls back to trustProxy if it returns undefined", () => {
    const { gate } = gateWith({ clientAddress: () => undefined, trustProxy: 1 });
    expect(findAddress(gate, from("10.0.0.1", "10.0.0.2"))).toBe("10.0.0.2");
  });

  test("falls back to trustProxy if it returns null, as `headers.get` does", () => {
    const { gate, told } = gateWith({ clientAddress: () => JSON.parse("null"), trustProxy: 1 });
    expect(findAddress(gate, from("10.0.0.1", "10.0.0.2"))).toBe("10.0.0.2");
    expect(told).toEqual([]);
  });

  test("must be synchronous: a promise that rejects has no effect", () => {
    const clientAddress = (() => Promise.reject(new Error("no network"))) as unknown as () => string;
    const { gate, told } = gateWith({ clientAddress });
    expect(findAddress(gate, from("10.0.0.1"))).toBe("10.0.0.1");
    expect(told).toEqual(["The option 'clientAddress' returned a promise instead of a string, and is ignored."]);
  });

  test("falls back to trustProxy if it throws, and the error is reported", () => {
    const fails = gateWith({
      clientAddress: () => {
        throw new Error("no such header");
      },
      trustProxy: 1,
    });
    expect(findAddress(fails.gate, from("10.0.0.1", "10.0.0.2"))).toBe("10.0.0.2");
    expect(fails.told).toEqual(["The option 'clientAddress' failed, and is ignored: no such header"]);
    const gives = gateWith({ clientAddress: () => JSON.parse("7") });
    expect(findAddress(gives.gate, from("10.0.0.1"))).toBe("10.0.0.1");
    expect(gives.told).toEqual(["The option 'clientAddress' returned a number instead of a string, and is ignored."]);
  });
});

describe("a forwarding header from an untrusted peer", () => {
  test.each([
    ["where no proxy is trusted", undefined],
    ["from a peer that is no declared proxy", ["192.168.0.0/16"]],
  ])("is reported once, %s", (_when, trustProxy) => {
    const { gate, told } = gateWith({ trustProxy });
    expect(findAddress(gate, from("10.0.0.1"))).toBe("10.0.0.1");
    expect(told).toEqual([]);
    for (const forwarded of ["1.2.3.4", "5.6.7.8"])
      expect(findAddress(gate, from("10.0.0.1", forwarded))).toBe("10.0.0.1");
    expect(told).toEqual([expect.stringMatching(/^The header 'x-forwarded-for' from 10\.0\.0\.1 is ignored\./)]);
  });

  test("is also reported for an unknown peer", () => {
    const { gate, told } = gateWith({});
    expect(findAddress(gate, from(undefined, "1.2.3.4"))).toBeUndefined();
    expect(told).toEqual([expect.stringContaining("from an unknown peer is ignored")]);
  });

  test("is not reported for a trusted peer", () => {
    for (const trustProxy of [1, ["10.0.0.0/8"]]) {
      const { gate, told } = gateWith({ trustProxy });
      expect(findAddress(gate, from("10.0.0.1", "1.2.3.4"))).toBe("1.2.3.4");
      expect(told).toEqual([]);
    }
  });
});

describe("an unknown client address", () => {
  const WARNING = "The address of a client is unknown, so no exemption of an address matches.";
  const BY = { kind: "program", label: "test" } as const;

  /** Puts a closed gate in front of a `fetch` handler. The client's address is unknown unless `send` passes one. */
  async function closed(options: MaintenanceOptions, exempt: readonly string[] = []) {
    const store = memoryStore();
    const controller = createController({ store });
    await controller.execute({ type: "close" }, BY);
    if (exempt.length > 0)
      await controller.execute(
        { type: "add-exemptions", addresses: exempt.map((range) => ({ range, description: "" })) },
        BY,
      );
    const { gate, told } = gateWith({ store, ...options });
    await gate.ready();
    const send = async (address?: string) => {
      const handler = fetchMaintenance(gate, () => new Response("hello"), { address: () => address });
      return (await handler(new Request("https://shop.example/"))).status;
    };
    return { send, told };
  }

  test.each([
    ["the configuration", { exempt: { addresses: ["10.0.0.0/8"] } }, []],
    ["an operator", {}, ["10.0.0.0/8"]],
  ])("is reported once if a rule of %s matches addresses", async (_who, options, exempt) => {
    const { send, told } = await closed(options, exempt);
    expect([await send(), await send(), await send()]).toEqual([503, 503, 503]);
    expect(told).toEqual([expect.stringContaining(WARNING)]);
    // The warning names the option 'address'; with it the rule matches.
    expect(await send("10.0.0.9")).toBe(200);
  });

  test("is not reported without such a rule, or if the address is known", async () => {
    const without = await closed({});
    expect(await without.send()).toBe(503);
    expect(without.told).toEqual([]);
    const known = await closed({ exempt: { addresses: ["10.0.0.0/8"] } });
    expect(await known.send("192.0.2.1")).toBe(503);
    expect(known.told).toEqual([]);
  });
});
