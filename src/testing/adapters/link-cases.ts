import assert from "node:assert/strict";
import { type AdapterCases, type AdapterSession, assertBlocked, assertBypass } from "./session.ts";

const BY = { kind: "program", label: "conformance" } as const;

/** The query that opens a fresh link into every site. */
async function createLink({ controller, gate }: AdapterSession): Promise<string> {
  const { query } = await controller.createLink({ label: "for a reviewer" }, BY);
  await gate.refresh();
  return query;
}

export const linkCases: AdapterCases = {
  "a bypass link is swapped for a cookie and sends the browser to the clean address, where it passes": async (
    session,
  ) => {
    await session.close();
    const query = await createLink(session);
    const admitted = await session.send(`/a?x=1&${query}`);
    assert.deepEqual([admitted.status, admitted.headers.get("location")], [302, "/a?x=1"]);
    assert.equal(admitted.headers.get("cache-control"), "no-store");
    assert.equal(admitted.headers.get("referrer-policy"), "no-referrer");
    const [cookie = "", ...others] = admitted.cookies;
    assert.deepEqual(others, []);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax"]) assert.ok(cookie.includes(attribute), cookie);
    assert.deepEqual(session.app.seen, []);
    const [pair = ""] = cookie.split(";");
    assertBypass(await session.send({ path: "/b", headers: { Cookie: `other=1; ${pair}` } }), "bypass-cookie");
    assertBlocked(await session.send({ path: "/b", headers: { Cookie: `other=1; ${pair}x` } }));
  },

  "a POST with a bypass link passes as it is, with its body": async (session) => {
    await session.close();
    const query = await createLink(session);
    const answer = await session.send({ method: "POST", path: `/a?${query}`, body: "a=1" });
    assertBypass(answer, "bypass-link");
    assert.equal(answer.body, "POST 3 a=1");
  },

  "a wrong and an empty token are none": async (session) => {
    await session.close();
    const query = await createLink(session);
    for (const wrong of [`${query}x`, "maintenance-access=", "maintenance-access[]=x", query.replace("=", "%3D")]) {
      assertBlocked(await session.send(`/?${wrong}`));
    }
  },

  "of several tokens the valid one counts, in whatever way its name is escaped, and the clean address has none": async (
    session,
  ) => {
    await session.close();
    const query = await createLink(session);
    const escaped = query.replace("maintenance-access", "%6Daintenance%2daccess");
    for (const presented of [
      `x=1&${query}&${query}&y=%2d`,
      `x=1&maintenance-access=old&${query}&y=%2d`,
      `x=1&${query}&maintenance-access=old&y=%2d&maintenance-access`,
      `x=1&${escaped}&y=%2d`,
      `maintenance%2Daccess=&x=1&${escaped}&y=%2d&${query}x`,
    ]) {
      const { status, headers } = await session.send(`/a?${presented}`);
      assert.deepEqual([status, headers.get("location")], [302, "/a?x=1&y=%2d"], presented);
    }
  },

  "a revoked link and its cookies are void at once": async (session) => {
    await session.close();
    const admitted = await session.send(`/?${await createLink(session)}`);
    await session.controller.execute({ type: "revoke-links" }, BY);
    await session.gate.refresh();
    assertBlocked(await session.send({ headers: { Cookie: (admitted.cookies[0] ?? "").split(";")[0] } }));
  },
};
