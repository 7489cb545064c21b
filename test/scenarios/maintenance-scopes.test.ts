import { describe, expect, test } from "vitest";
import { openMaintenanceScope, withMaintenance } from "../../src/control/scopes/with-maintenance.ts";
import type { SiteRecord } from "../../src/state/site-record.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";

async function startedGate(): Promise<GateUnderTest> {
  const under = gateUnderTest({ sites: { shop: {}, blog: {} } });
  await under.gate.ready();
  return under;
}

/** Returns the stored records without their versions and authors. */
async function stored({ controller }: GateUnderTest): Promise<readonly Partial<SiteRecord>[]> {
  const { records } = await controller.state();
  return [...records.values()].map(({ version, changed, ...rest }) => rest);
}

test("the site is closed while the work runs, and open again after it", async () => {
  const { gate } = await startedGate();
  const seen = await withMaintenance(gate, { sites: ["shop"], reason: "migrate" }, () => [
    gate.mode("shop"),
    gate.mode("blog"),
  ]);
  expect(seen).toEqual(["closed", "open"]);
  expect(gate.mode("shop")).toBe("open");
});

test("the history shows the actor of a scope, given as a label too", async () => {
  const { gate, controller } = await startedGate();
  await withMaintenance(gate, { sites: ["shop"], by: "deploy" }, () => {});
  await withMaintenance(gate, { sites: ["shop"], by: { kind: "cli", label: "ann" } }, () => {});
  expect((await controller.history()).map(({ by }) => by.label)).toEqual(["ann", "ann", "deploy", "deploy"]);
});

test.each([
  ["shop", ["shop"]],
  [
    ["shop", "blog"],
    ["shop", "blog"],
  ],
  ["*", ["*"]],
])("the sites %j are an id, several or everything", async (sites, closed) => {
  const { gate, controller } = await startedGate();
  await withMaintenance(gate, { sites }, () => {});
  expect((await controller.history()).at(-1)?.records.map(({ id }) => id)).toEqual(closed);
});

test.each([
  [
    "without sites",
    [{ message: "Back soon" }, () => {}],
    "ERR_INVALID_COMMAND",
    "withMaintenance: undefined is no site.",
  ],
  ["with no site", [{ sites: [] }, () => {}], "ERR_INVALID_COMMAND", "withMaintenance: an empty list is no site."],
  ["without options", [undefined, () => {}], "ERR_INVALID_COMMAND", "withMaintenance: undefined is no site."],
  ["without work", [{ sites: "shop" }], "ERR_INVALID_OPTION", "withMaintenance: undefined is not a function."],
  [
    "with options last",
    [() => {}, { sites: "shop" }],
    "ERR_INVALID_OPTION",
    "withMaintenance: an object is not a function.",
  ],
])("a scope %s is refused, and nothing is written", async (_title, given, code, message) => {
  const { gate, controller } = await startedGate();
  await expect(Reflect.apply(withMaintenance, null, [gate, ...given])).rejects.toMatchObject({ code, message });
  expect((await controller.state()).version).toBe(0);
});

test("a scope that is opened without sites is refused with the call for everything", async () => {
  const { gate } = await startedGate();
  await expect(Reflect.apply(openMaintenanceScope, null, [gate])).rejects.toMatchObject({
    code: "ERR_INVALID_COMMAND",
    hint: 'Name a site, or several in a list. For everything write { sites: "*" }.',
  });
});

test("what is called without a gate names itself", async () => {
  await expect(Reflect.apply(withMaintenance, null, [() => 1])).rejects.toMatchObject({
    code: "ERR_INVALID_OPTION",
    message: "withMaintenance: a function is not a gate.",
  });
  await expect(Reflect.apply(openMaintenanceScope, null, [])).rejects.toMatchObject({
    message: "openMaintenanceScope: undefined is not a gate.",
  });
});

test("a closed site is open while the work runs, and closed again as before after it", async () => {
  const under = await startedGate();
  const { gate, controller } = under;
  await controller.execute({ type: "close", sites: ["shop"], message: "Stocktaking" }, BY);
  const before = await stored(under);
  const seen = await withMaintenance(gate, { mode: "open", sites: ["shop"] }, () =>
    withMaintenance(gate, { sites: ["shop"], mode: "read-only" }, () => gate.mode("shop")).then((inner) => [
      inner,
      gate.mode("shop"),
    ]),
  );
  expect(seen).toEqual(["read-only", "open"]);
  expect(gate.mode("shop")).toBe("closed");
  expect(await stored(under)).toEqual(before);
});

test("the scope restores if the work throws, and passes on the error", async () => {
  const { gate } = await startedGate();
  const work = withMaintenance(gate, { sites: "*" }, async () => {
    throw new Error("the migration failed");
  });
  await expect(work).rejects.toThrow("the migration failed");
  expect(gate.mode()).toBe("open");
});

describe("the previous state is restored exactly", () => {
  test("a site that was closed stays closed as it was", async () => {
    const under = await startedGate();
    const { gate, controller } = under;
    await controller.execute(
      {
        type: "close",
        sites: ["shop"],
        mode: "read-only",
        message: "Stocktaking",
        until: "2026-12-01T06:00:00Z",
      },
      BY,
    );
    const before = await stored(under);
    await withMaintenance(gate, { sites: ["shop"], message: "Deploying", lockdown: true }, () => {
      expect(gate.mode("shop")).toBe("closed");
    });
    expect(await stored(under)).toEqual(before);
    expect(gate.mode("shop")).toBe("read-only");
  });

  test("nested scopes each restore their own state", async () => {
    const under = await startedGate();
    const { gate } = under;
    await withMaintenance(gate, { sites: "*", message: "outer" }, async () => {
      const outer = await stored(under);
      await withMaintenance(gate, { sites: "*", message: "inner", mode: "read-only" }, () => {
        expect(gate.mode()).toBe("read-only");
      });
      expect(await stored(under)).toEqual(outer);
      await expect(
        withMaintenance(gate, { sites: "*", lockdown: true }, () => Promise.reject(new Error("inner"))),
      ).rejects.toThrow("inner");
      expect(await stored(under)).toEqual(outer);
    });
    expect(gate.mode()).toBe("open");
  });

  test("a scope that changes nothing restores nothing", async () => {
    const under = await startedGate();
    await under.controller.execute({ type: "close" }, BY);
    await withMaintenance(under.gate, { sites: "*" }, () => {});
    expect((await under.controller.state()).version).toBe(1);
  });
});

describe("scopes that overlap without being nested", () => {
  const settings = [
    ["alike", {}, {}],
    ["with messages of their own", { message: "first" }, { message: "second" }],
    ["of which one is milder", {}, { mode: "read-only" }],
  ] as const;

  test.each(settings)("%s: the site opens with the last of them, whichever ends first", async (_name, one, two) => {
    for (const endsFirst of [0, 1] as const) {
      const under = await startedGate();
      const before = await stored(under);
      const scopes = [
        await openMaintenanceScope(under.gate, { sites: "*", ...one }),
        await openMaintenanceScope(under.gate, { sites: "*", ...two }),
      ] as const;
      await scopes[endsFirst].end();
      expect(under.gate.mode()).not.toBe("open");
      await scopes[1 - endsFirst]?.end();
      expect(under.gate.mode()).toBe("open");
      expect((await stored(under)).filter(({ id }) => id !== "*")).toEqual(before);
    }
  });

  test("that begin and end at once restore the state before the first", async () => {
    const under = await startedGate();
    await under.controller.execute({ type: "close", sites: ["shop"], message: "Stocktaking" }, BY);
    const before = await stored(under);
    const seen = await Promise.all(
      [1, 2, 3, 4].map((number) =>
        withMaintenance(under.gate, { sites: ["shop", "blog"], message: `${number}` }, () => under.gate.mode("blog")),
      ),
    );
    expect(seen).toEqual(["closed", "closed", "closed", "closed"]);
    expect(under.gate.mode("blog")).toBe("open");
    expect((await stored(under)).filter(({ id }) => id === "shop")).toEqual(before);
  });

  test("keep a change between two of them", async () => {
    const { gate, controller } = await startedGate();
    const first = await openMaintenanceScope(gate, { sites: "*" });
    await controller.execute({ type: "close", message: "The disk is full" }, BY);
    const second = await openMaintenanceScope(gate, { sites: "*", message: "second" });
    await first.end();
    await second.end();
    expect(gate.mode()).toBe("closed");
    expect((await controller.state()).records.get("*")?.notice.message).toBe("The disk is full");
  });
});

test("a change meanwhile is kept, and reported", async () => {
  const { gate, controller, log } = await startedGate();
  await withMaintenance(gate, { sites: "*" }, async () => {
    await controller.execute({ type: "close", message: "The disk is full" }, BY);
  });
  expect(gate.mode()).toBe("closed");
  expect(log.join()).toContain("'*' was changed in the meantime");
});

describe("the last change of the switch counts, even with the same settings", () => {
  test("closed by a scope, then opened and closed by another command: stays closed when the scope ends", async () => {
    const { gate, controller } = await startedGate();
    await withMaintenance(gate, { sites: "*" }, async () => {
      await controller.execute({ type: "open" }, BY);
      await controller.execute({ type: "close" }, BY);
    });
    expect(gate.mode()).toBe("closed");
  });

  test("closed again during a scope: stays closed when the scope ends", async () => {
    const { gate, controller } = await startedGate();
    await withMaintenance(gate, { sites: "*" }, () => controller.execute({ type: "close" }, BY));
    expect(gate.mode()).toBe("closed");
  });

  test("closed by a scope of another process during a scope: stays closed until that one ends", async () => {
    const under = await startedGate();
    const other = gateUnderTest({ store: under.store, sites: { shop: {}, blog: {} } });
    await other.gate.ready();
    const [first, second] = [
      await openMaintenanceScope(under.gate, { sites: "*" }),
      await openMaintenanceScope(other.gate, { sites: "*" }),
    ];
    await first.end();
    expect(under.gate.mode()).toBe("closed");
    await second.end();
  });

  test("opened during a scope that opens: stays open when the scope ends", async () => {
    const { gate, controller } = await startedGate();
    await controller.execute({ type: "close" }, BY);
    await withMaintenance(gate, { sites: "*", mode: "open" }, () => controller.execute({ type: "open" }, BY));
    expect(gate.mode()).toBe("open");
  });

  test("edited in a setting of the closure: stays closed when the scope ends", async () => {
    const { gate, controller } = await startedGate();
    await withMaintenance(gate, { sites: ["shop"], message: "Deploying" }, async () => {
      const settings = { message: "The disk is full" };
      await controller.execute({ type: "edit", site: "shop", version: 1, ...settings }, BY);
    });
    expect(gate.mode("shop")).toBe("closed");
  });
});

describe("other changes are kept, and the scope still restores", () => {
  const LASTING = { paths: [{ pattern: "/status", description: "" }] };

  test.each([
    ["a site that was open", {}],
    ["a site that was closed", { type: "close", exempt: { paths: [{ pattern: "/beta", description: "" }] } } as const],
  ])("%s: exemptions, links, an edit of another setting", async (_title, before) => {
    const under = await startedGate();
    const { gate, controller } = under;
    if ("type" in before) await controller.execute({ ...before, sites: ["shop"] }, BY);
    const found = gate.mode("shop");
    await withMaintenance(
      gate,
      { sites: ["shop"], exempt: { addresses: [{ range: "10.0.0.42", description: "" }] } },
      async () => {
        await controller.execute({ type: "add-exemptions", site: "shop", ...LASTING }, BY);
        const { version } = await controller.links
          .create({ site: "shop", label: "QA", by: BY })
          .then(() => recordOf(under));
        const settings = { message: "Always" };
        await controller.execute({ type: "edit", site: "shop", version, ...settings }, BY);
      },
    );
    expect(gate.mode("shop")).toBe(found);
    if (found === "closed") await controller.execute({ type: "open", sites: ["shop"] }, BY);
    expect(await recordOf(under)).toMatchObject({
      mode: "open",
      restore: null,
      scope: null,
      exemptions: { ...LASTING, addresses: [] },
      notice: { message: "Always" },
      links: [{ label: "QA" }],
    });
  });

  test("except exemptions for this closure, which end with it", async () => {
    const under = await startedGate();
    const { gate, controller } = under;
    await withMaintenance(gate, { sites: ["shop"] }, () =>
      controller.execute({ type: "add-exemptions", site: "shop", ...LASTING, untilOpen: true }, BY),
    );
    expect(await recordOf(under)).toMatchObject({ mode: "open", exemptions: { paths: [] } });
  });

  test("an exemption that was added between two scopes is kept after both, in whatever order they end", async () => {
    for (const endsFirst of [0, 1] as const) {
      const under = await startedGate();
      const { gate, controller } = under;
      const first = await openMaintenanceScope(gate, { sites: ["shop"] });
      await controller.execute({ type: "add-exemptions", site: "shop", ...LASTING }, BY);
      const scopes = [first, await openMaintenanceScope(gate, { sites: ["shop"] })] as const;
      await scopes[endsFirst].end();
      await scopes[1 - endsFirst]?.end();
      expect(await recordOf(under)).toMatchObject({ mode: "open", exemptions: LASTING });
    }
  });
});

async function recordOf({ controller }: GateUnderTest): Promise<SiteRecord> {
  const record = (await controller.state()).records.get("shop");
  if (record === undefined) throw new Error("There is no record of 'shop'.");
  return record;
}

test("await using ends with its block, once", async () => {
  const { gate, controller } = await startedGate();
  {
    await using scope = await openMaintenanceScope(gate, { sites: ["shop"] });
    expect(gate.mode("shop")).toBe("closed");
    await scope.end();
  }
  expect(gate.mode("shop")).toBe("open");
  expect((await controller.history()).map(({ command }) => command)).toEqual(["restore", "close"]);
});

test("the work does not run if the site cannot be closed", async () => {
  const { gate } = await startedGate();
  let ran = false;
  const work = withMaintenance(gate, { sites: ["shpo"] }, () => {
    ran = true;
  });
  await expect(work).rejects.toMatchObject({ code: "ERR_UNKNOWN_SITE" });
  expect(ran).toBe(false);
});
