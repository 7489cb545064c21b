import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { withMaintenance } from "../../src/control/scopes/with-maintenance.ts";
import { isMaintenanceError } from "../../src/errors.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import type { Store } from "../../src/stores/store.ts";
import { draftFrom } from "../../src/testing/stores/session.ts";
import { spoiled, words } from "../support/odd-input.ts";
import { requireReadable } from "../support/readable-state.ts";
import { EVERY_STORE } from "../support/servers/every-store.ts";

const sites = fc.constantFrom(["*"], ["shop"], ["blog", "shop"], ["added"]);
const settings = fc.record({
  paths: fc.constantFrom([], ["/a/*"], ["re:^/x$"]),
  lockdown: fc.boolean(),
  title: words,
  message: words,
  translations: fc.dictionary(words, fc.record({ title: words, message: words })),
});
const actors = spoiled(
  fc.record(
    { kind: fc.constantFrom("cli", "admin", "program", "file", "bot"), label: words, from: words },
    { requiredKeys: ["kind", "label"] },
  ),
);
const commands = fc.oneof(
  spoiled(fc.record({ type: fc.constant("close"), sites, reason: words })),
  spoiled(settings.chain((own) => fc.record({ type: fc.constant("close"), sites, reason: words, ...mapped(own) }))),
  spoiled(fc.record({ type: fc.constant("open"), sites, reason: words })),
  spoiled(
    fc.record({ type: fc.constant("add-site"), site: fc.constantFrom("added", "__proto__"), hosts: fc.constant([]) }),
  ),
  spoiled(
    settings.chain((own) =>
      fc.record({ type: fc.constant("edit"), site: fc.constant("shop"), version: fc.nat(3), ...mapped(own) }),
    ),
  ),
  spoiled(
    fc.record({
      type: fc.constant("add-exemptions"),
      site: fc.constant("shop"),
      paths: fc.array(fc.record({ pattern: fc.constant("/a"), description: words }), { maxLength: 2 }),
    }),
  ),
);
const links = spoiled(
  fc.record({ site: fc.constantFrom("*", "shop"), label: words, expires: fc.constant(null), reason: words }),
);
const tokens = spoiled(
  fc.record({ name: words, may: fc.constant(["view"]), sites: fc.constantFrom(null, ["shop"]), reason: words }),
);

type Call = readonly ["execute" | "links" | "tokens" | "withMaintenance", unknown, unknown];
const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constant("execute"), commands, actors),
  fc.tuple(fc.constant("links"), links, actors),
  fc.tuple(fc.constant("tokens"), tokens, actors),
  fc.tuple(fc.constant("withMaintenance"), fc.record({ sites }), actors),
);

function mapped(own: object): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, fc.constant(value)]));
}

const options = { sites: { shop: {}, blog: { hosts: ["blog.example"] } }, logger: silentLogger };

/** Returns `true` if the call is accepted. A refusal must name the mistake and the fix. */
async function attempt(store: Store, [name, first, second]: Call): Promise<boolean> {
  const controller = createController({ ...options, store });
  try {
    if (name === "withMaintenance") {
      const gate = createGate({ ...options, store });
      try {
        await withMaintenance(gate, { ...Object(first), by: second }, () => {});
      } finally {
        await gate.close();
      }
    } else if (name === "execute") await Reflect.apply(controller.execute, controller, [first, second]);
    else await controller[name].create({ ...Object(first), by: second });
    return true;
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    expect(error.message).not.toBe("");
    expect(error.hint).not.toBe("");
    expect(["ERR_STATE_UNREADABLE", "ERR_UNEXPECTED"]).not.toContain(error.code);
    return false;
  }
}

for (const { name, suite, start } of EVERY_STORE) {
  suite(`in the store ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    test("another process can read everything that any writer accepts, and the rest is refused", async () => {
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 6 }), async (all) => {
          const place = await server.place();
          const [store, other] = [place.open(), place.open()];
          try {
            for (const call of all) if (await attempt(store, call)) accepted += 1;
            await requireReadable(other, options);
          } finally {
            await Promise.all([store.close(), other.close()]);
          }
        }),
        { numRuns: server.isLocal ? 60 : 12, seed: 7, endOnFailure: true },
      );
      expect(accepted).toBeGreaterThan(0);
    });

    test("a change that bypasses the controller is refused if it cannot be read again", async () => {
      const place = await server.place();
      const [store, other] = [place.open(), place.open()];
      const empty = await store.load();
      const draft = draftFrom(empty, { shop: { mode: "closed" } });
      const spoils: readonly object[] = [
        { by: { kind: "program", label: "\ud800" } },
        { by: { kind: "program" } },
        { by: { kind: 7, label: "x" } },
        { reason: "cut \ud83d" },
        { reason: "NUL \0" },
        { reason: 7 },
        { at: "yesterday" },
        { records: [{ id: "shop", seen: Number.NaN, before: null, after: "{}" }] },
        { records: [{ id: "shop", seen: 0, before: null, after: "nonsense" }] },
        { records: [{ id: "shop", seen: 0, before: null, after: "[]" }] },
      ];
      for (const spoil of spoils) {
        await expect(store.commit({ ...draft, ...spoil } as never)).rejects.toMatchObject({
          code: "ERR_STATE_UNREADABLE",
        });
        const content = { lineage: "another", version: 1, records: [], history: [{ ...draft, ...spoil, version: 1 }] };
        await expect(store.importState(content as never, empty)).rejects.toMatchObject({
          code: "ERR_STATE_UNREADABLE",
        });
      }
      for (const record of [
        { id: "shop", version: 1, text: "7" },
        { id: "shop", version: Number.NaN, text: "{}" },
      ]) {
        const content = { lineage: "another", version: 1, records: [record], history: [] };
        await expect(store.importState(content, empty)).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
      }
      expect(await other.load()).toEqual({ lineage: "", version: 0, records: [] });
      await Promise.all([store.close(), other.close()]);
    });
  });
}
