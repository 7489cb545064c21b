import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createController } from "../../../src/control/controller.ts";
import { parseState } from "../../../src/state/parse-state.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { runFixture } from "../../fixtures/run-fixture.ts";
import { BY, gateUnderTest } from "../../support/gate-under-test.ts";
import { createCliProject } from "../cli-project.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

inEachPlace("switching, %s", (place) => {
  test("row 17: no request from any client switches a site", async () => {
    const { execute, ask, controller } = await serveApp(place, { exempt: { users: { superuser: true } } });
    await execute({ type: "close" });
    const before = await controller.state();
    for (const method of ["GET", "POST"]) {
      for (const path of [
        "/maintenance-mode/off",
        "/maintenance-mode/off/",
        "/?maintenance-mode=off",
        "/__maintenance",
      ]) {
        await ask({ method, path, headers: { "X-User": "superuser", Origin: "https://evil.example" } });
      }
    }
    expect(await controller.state()).toEqual(before);
    expect((await ask()).status).toBe(503);
  });

  test("row 21: a second close with other options updates them, and is one closure", async () => {
    const { execute, ask, controller } = await serveApp(place);
    await execute({ type: "close", message: "Back at nine" });
    await execute({ type: "close", message: "Back at ten", retryAfter: 7 });
    const { headers, body } = await ask();
    expect([body.includes("Back at ten"), body.includes("Back at nine"), headers.get("retry-after")]).toEqual([
      true,
      false,
      "7",
    ]);
    const modeOf = (text: string | null): string => (text === null ? "open" : (JSON.parse(text).mode ?? "open"));
    const changes = (await controller.history()).flatMap(({ records }) => records);
    const activations = changes.filter(({ before, after }) => modeOf(before) === "open" && modeOf(after) === "closed");
    expect([changes.length, activations.length]).toEqual([2, 1]);
  });

  test("row 22: a switch during a request never causes a 500", async () => {
    let switchNow = async (): Promise<void> => {};
    const getUser = async (): Promise<null> => {
      await switchNow();
      return null;
    };
    const { execute, ask } = await serveApp(place, { exempt: { users: { staff: true } }, getUser });
    for (const [type, expected] of [
      ["open", 200],
      ["close", 503],
    ] as const) {
      await execute({ type: "close" });
      switchNow = () => execute({ type });
      expect((await ask({ headers: { Cookie: "session=1" } })).status).toBe(expected);
    }
  });
});

describe("row 26: while an override is set, every switch is refused and nothing is stored", () => {
  test("from the command line, with exit code 1", async () => {
    const project = createCliProject();
    await project.run("on", "--yes");
    const before = project.read(".maintenance/state.json");
    const { code, stderr } = await project.runWith({ MAINTENANCE_MODE: "on" }, "off");
    expect([code, stderr]).toEqual([1, expect.stringContaining("MAINTENANCE_MODE=on in the environment")]);
    const json = await project.runWith({ MAINTENANCE_MODE: "on" }, "off", "--json");
    expect(json.stdout + json.stderr).toContain("ERR_OVERRIDDEN");
    expect(project.read(".maintenance/state.json")).toBe(before);
    project.remove();
  });

  test("from a program", async () => {
    const { controller, store } = gateUnderTest({ override: "on" });
    const refusal = { code: "ERR_OVERRIDDEN", message: expect.stringContaining('override: "on"') };
    await expect(controller.execute({ type: "open" }, BY)).rejects.toMatchObject(refusal);
    await expect(controller.execute({ type: "close" }, BY)).rejects.toMatchObject(refusal);
    expect((await store.load()).version).toBe(0);
  });
});

test("row 27: an edit based on the version before a closure is a conflict, and the site stays closed", async () => {
  const { controller } = gateUnderTest();
  await controller.execute(
    {
      type: "edit",
      site: "*",
      version: 0,
      title: "A",
      message: "",
      translations: {},
      moreUrl: null,
    },
    BY,
  );
  const loaded = (await controller.state()).records.get("*");
  await controller.execute({ type: "close" }, BY);
  const edit = { type: "edit", site: "*", version: loaded?.version ?? -1, hosts: [] } as const;
  await expect(controller.execute(edit, BY)).rejects.toMatchObject({ code: "ERR_CONFLICT" });
  expect((await controller.state()).records.get("*")?.mode).toBe("closed");
});

describe("with the file store", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "maintenance-"));
    path = join(folder, "state.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("row 32: after kill -9 of a writer, the next reader finds a complete state (see also file-store-writers.test.ts)", async () => {
    const { child, lines, ended } = runFixture("commit-many", path, "blog", 1_000, 200_000);
    await lines.next();
    await lines.next();
    child.kill("SIGKILL");
    await ended;
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ version: expect.any(Number) });
    expect((await fileStore({ path }).load()).version).toBeGreaterThanOrEqual(1);
  });

  test("row 33: concurrent writers lose no change (see also file-store-writers.test.ts)", async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `site-${index}`);
    const sites = Object.fromEntries(ids.map((id) => [id, { hosts: [`${id}.example`] }]));
    const writers = ids.map((id) => ({ id, controller: createController({ store: fileStore({ path }), sites }) }));
    await Promise.all(writers.map(({ id, controller }) => controller.execute({ type: "close", sites: [id] }, BY)));
    const { version, records } = parseState(await fileStore({ path }).load());
    expect(version).toBe(8);
    expect([...records.values()].map(({ mode }) => mode)).toEqual(Array(8).fill("closed"));
  });
});
