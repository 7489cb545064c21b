import { expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { textsFor } from "../../src/engine/page/languages.ts";
import { testGate } from "../support/closed-gate.ts";
import { inEachPlace, serveApp } from "./acceptance/served-app.ts";

const { notTaken, checkFirst, returns } = textsFor("en");
const ACCEPT = { Accept: "text/html" };

inEachPlace("an answer to what was sent, %s", (place) => {
  /** Only in front is it certain that the application has seen nothing. */
  const said = place === "inside Express 5" ? checkFirst : notTaken;

  test.each(["POST", "PUT", "PATCH", "DELETE"])("%s says what became of it, and never reloads", async (method) => {
    const { execute, ask, reached } = await serveApp(place, { refresh: 60 });
    await execute({ type: "close", response: { refresh: 30 } });
    const { status, headers, body } = await ask({ method, path: "/submit", headers: ACCEPT });
    expect([status, headers.get("refresh")]).toEqual([503, undefined]);
    expect(body).toContain(said);
    for (const absent of ["http-equiv", returns, 'href=""']) expect(body).not.toContain(absent);
    expect(reached).toEqual([]);
  });

  test("is for what was sent alone: GET and HEAD reload as configured", async () => {
    const { execute, ask } = await serveApp(place, { refresh: 60 });
    await execute({ type: "close" });
    const { headers, body } = await ask({ headers: ACCEPT });
    expect(headers.get("refresh")).toBe("60");
    expect(body).toContain(returns);
    expect(body).not.toContain(said);
    expect((await ask({ method: "HEAD", headers: ACCEPT })).headers.get("refresh")).toBe("60");
    const again = await ask({ method: "POST", headers: ACCEPT });
    expect(again.headers.get("refresh")).toBeUndefined();
  });

  test("is the same on a read-only site, in plain text and in a template", async () => {
    const template = ({ sent }: { readonly sent: string | null }) => `<p>${sent}</p>`;
    const { execute, ask } = await serveApp(place, { template, refresh: 60 });
    await execute({ type: "close", mode: "read-only" });
    const { headers, body } = await ask({ method: "POST", headers: ACCEPT });
    expect([headers.get("refresh"), body]).toEqual([
      undefined,
      said === notTaken ? "<p>not-taken</p>" : "<p>check-first</p>",
    ]);
    expect((await ask({ method: "POST", headers: { Accept: "text/plain" } })).body).toContain(said);
  });
});

test("in front of a fetch handler nothing was taken", async () => {
  const { gate, close } = await testGate();
  await close();
  const handler = fetchMaintenance(gate, () => new Response("the app"));
  const answer = await handler(new Request("http://shop.example/submit", { method: "POST", headers: ACCEPT }));
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain(notTaken);
});
