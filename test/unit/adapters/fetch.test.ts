import { describe, expect, test } from "vitest";
import { fetchMaintenance, maintenanceOff, maintenanceOn } from "../../../src/adapters/fetch.ts";
import { countDecisions, testGate } from "../../support/closed-gate.ts";

const request = (path = "/", init: RequestInit = {}): Request => new Request(`http://app.example${path}`, init);
const everything = { exempt: { paths: ["/*"] } };

describe("fetchMaintenance", () => {
  test.each([
    [undefined, "undefined"],
    [{}, "an object"],
    [Promise.resolve(), "a promise"],
  ])("refuses %o as a handler", async (handler, kind) => {
    const { gate } = await testGate();
    // @ts-expect-error JavaScript callers are not type-checked.
    expect(() => fetchMaintenance(gate, handler)).toThrow(`fetchMaintenance: the handler is ${kind}, not a function.`);
  });

  test("returns the handler's own result while all is open, and passes on all arguments of the platform", async () => {
    const { gate } = await testGate();
    const result = Promise.resolve(new Response("app"));
    const given: unknown[] = [];
    const handler = (_request: Request, env: string, context: number) => {
      given.push(env, context);
      return result;
    };
    expect(fetchMaintenance(gate, handler)(request(), "env", 7)).toBe(result);
    expect(given).toEqual(["env", 7]);
  });

  test("passes on the platform's arguments through a closed site too", async () => {
    const { gate, close } = await testGate(everything);
    await close();
    const wrapped = fetchMaintenance(gate, (_request, env: string) => new Response(env));
    expect(await (await wrapped(request(), "env")).text()).toBe("env");
  });

  test("marks a copy: an answer that the app reuses has no mark afterwards", async () => {
    const { gate, close, open } = await testGate(everything);
    const reused = new Response(null, { status: 404 });
    const wrapped = fetchMaintenance(gate, () => reused);
    await close();
    expect((await wrapped(request())).headers.get("maintenance")).toBe("bypass;rule=path");
    await open();
    expect((await wrapped(request())).headers.has("maintenance")).toBe(false);
  });

  test("returns a network error unchanged, because it cannot be copied", async () => {
    const { gate, close } = await testGate(everything);
    await close();
    const error = Response.error();
    expect(await fetchMaintenance(gate, () => error)(request())).toBe(error);
  });

  test("rejects if the app rejects", async () => {
    const { gate, close } = await testGate(everything);
    const wrapped = fetchMaintenance(gate, () => Promise.reject(new Error("broken")));
    await expect(wrapped(request())).rejects.toThrow("broken");
    await close();
    await expect(wrapped(request())).rejects.toThrow("broken");
  });

  test("uses the address that the platform reports", async () => {
    const { gate, close, errors } = await testGate({ exempt: { addresses: ["10.0.0.42"] } });
    await close();
    const address = (_request: Request, peer: string): string => {
      if (peer === "") throw new Error("no peer");
      return peer;
    };
    const wrapped = fetchMaintenance(gate, (_request, _peer: string) => new Response("app"), { address });
    expect((await wrapped(request(), "10.0.0.42")).status).toBe(200);
    expect((await wrapped(request(), "10.0.0.43")).status).toBe(503);
    expect((await wrapped(request(), "")).status).toBe(503);
    expect(errors).toEqual(["The option 'address' failed, and is ignored: no peer"]);
  });

  test.each([
    ["nothing", () => null, 0],
    ["a promise", () => Promise.reject(new Error("no network")), 1],
  ])("stays closed when the platform's address is %s", async (_what, address, reports) => {
    const { gate, close, errors } = await testGate({ exempt: { addresses: ["10.0.0.42"] } });
    await close();
    const wrapped = fetchMaintenance(gate, () => new Response("app"), { address: address as never });
    expect((await wrapped(request())).status).toBe(503);
    expect(errors).toHaveLength(reports);
  });

  test("requires both the URL's host and the header's host to be open, and names the site of the URL", async () => {
    const { gate, close } = await testGate({
      sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
    });
    const handler = fetchMaintenance(gate, () => new Response("the app"));
    const ask = (url: string, host: string): Promise<Response> | Response =>
      handler(new Request(url, { headers: { host } }));
    await close({ sites: ["shop"] });
    for (const [url, host, status] of [
      ["http://shop.example/", "blog.example", 503],
      ["http://blog.example/", "shop.example", 503],
      ["http://blog.example/", "blog.example:x", 503],
      ["http://blog.example/", "BLOG.example:80", 200],
    ] as const) {
      expect((await ask(url, host)).status, `${url} ${host}`).toBe(status);
    }
    await close({ sites: ["blog"] });
    const answer = await ask("http://shop.example/", "blog.example");
    expect(answer.headers.get("maintenance")).toContain('site="shop"');
  });

  test("uses the host of the URL if there is no Host header", async () => {
    const { gate, close } = await testGate({ sites: { shop: { hosts: ["shop.example"] } } });
    await close({ sites: ["shop"] });
    const wrapped = fetchMaintenance(gate, () => new Response("app"));
    expect((await wrapped(new Request("http://shop.example:8080/?a=/b"))).status).toBe(503);
    expect((await wrapped(request())).status).toBe(200);
  });

  test("decides once if two of them have the same gate", async () => {
    const { gate, close } = await testGate(everything);
    await close();
    const decisions = countDecisions(gate);
    await fetchMaintenance(
      gate,
      fetchMaintenance(gate, () => new Response("app")),
    )(request());
    expect(decisions()).toBe(1);
  });

  test("refuses a value that is not a gate", () => {
    // @ts-expect-error JavaScript callers are not type-checked.
    expect(() => fetchMaintenance(undefined, () => new Response())).toThrow(
      "fetchMaintenance: undefined is not a gate.",
    );
  });
});

describe("routes of a fetch handler", () => {
  test("a route that is forced open always passes, but its handler elsewhere does not", async () => {
    const { gate, close } = await testGate();
    await close({ lockdown: true });
    const handler = (): Response => new Response("app");
    const open = fetchMaintenance(gate, maintenanceOff(handler));
    expect((await open(request())).status).toBe(200);
    expect((await fetchMaintenance(gate, handler)(request())).status).toBe(503);
  });

  test("a route that is forced closed is not called, except on an operators' surface", async () => {
    const { gate } = await testGate({ operatorPaths: ["/ops/*"] });
    const wrapped = maintenanceOn((_request, env: string) => new Response(env), gate);
    const closed = await wrapped(request("/", { headers: { Accept: "text/plain" } }), "env");
    expect([closed.status, closed.headers.get("content-type")]).toEqual([503, "text/plain; charset=utf-8"]);
    expect(await (await wrapped(request("/ops/state"), "env")).text()).toBe("env");
  });

  test("refuses a value that is not a gate", () => {
    // @ts-expect-error JavaScript callers are not type-checked.
    expect(() => maintenanceOn(() => new Response(), {})).toThrow("maintenanceOn: an object is not a gate.");
  });
});
