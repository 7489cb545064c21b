import { spawnSync } from "node:child_process";
import { beforeEach, describe, expect, test } from "vitest";
import { type Controller, createController } from "../../../src/control/controller.ts";
import { identifyThisProcess } from "../../../src/platform/process-identity.ts";
import type { MemberList } from "../../../src/stores/members.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { createFakeClock, type FakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { barrierText, membersOf } from "../../support/barriers.ts";

let clock: FakeClock;
let store: Store;
let members: MemberList;
let controller: Controller;

beforeEach(async () => {
  clock = createFakeClock(Date.parse("2026-01-01T00:00:10Z"));
  store = memoryStore();
  members = membersOf(store);
  controller = createController({ store, clock, sites: { shop: {}, blog: {} } }, { by: "ada" });
  await controller.close(["shop", "blog"]);
});

type Given = Parameters<typeof barrierText>[0];
const hold = (given: Given = {}) =>
  members.setBarrier(barrierText({ isHold: true, phase: "closing", targets: [{ site: "shop" }], ...given }), null);
const modeOf = async (site = "shop") => (await controller.state()).records.get(site)?.mode ?? "open";

describe("a site that a command holds", () => {
  test("is not opened, and the error names the holder", async () => {
    await hold();
    const opening = controller.open("shop");
    await expect(opening).rejects.toMatchObject({
      code: "ERR_HELD",
      message: "Held by 'on' on db-1 (pid 1): shop.",
      hint: expect.stringContaining("anyway"),
    });
    expect(await modeOf()).toBe("closed");
  });

  test("is opened with `anyway`, and the hold of a command that runs stays", async () => {
    await hold();
    await controller.open("shop", { anyway: true });
    expect(await modeOf()).toBe("open");
    expect((await members.list()).barriers).toHaveLength(1);
  });

  test.each([
    ["was marked as lost", { phase: "lost" }, 0],
    ["was silent for half a minute", {}, 60_000],
  ] as const)("is opened with `anyway`, and a hold that %s is removed", async (_how, details, passed) => {
    await hold(details);
    await clock.advance(passed);
    await controller.open("shop", { anyway: true });
    expect((await members.list()).barriers).toEqual([]);
  });

  test("is opened with `anyway`, and the hold of a command that was killed on this machine is removed at once", async () => {
    const { pid } = spawnSync(process.execPath, ["--eval", "0"]);
    const { host, space } = identifyThisProcess();
    const holder = { process: { pid, started: "", space, host }, label: "run", since: "2026-01-01T00:00:00Z" };
    await hold({ holder });
    await expect(controller.open("shop")).rejects.toThrow(
      `Held by 'run' on ${host} (pid ${pid}), which has ended; its command may still run: shop.`,
    );
    await controller.open("shop", { anyway: true });
    expect((await members.list()).barriers).toEqual([]);
  });

  test("is refused in a rehearsal too", async () => {
    await hold();
    const opening = controller.rehearse({ type: "open", sites: ["shop"] }, "ada");
    await expect(opening).rejects.toMatchObject({ code: "ERR_HELD" });
  });

  test("keeps the others of the same command as they are", async () => {
    await hold();
    await expect(controller.open(["blog", "shop"])).rejects.toMatchObject({ code: "ERR_HELD" });
    expect(await modeOf("blog")).toBe("closed");
    await controller.open("blog");
    expect(await modeOf("blog")).toBe("open");
  });

  test.each([
    ["a milder mode", { mode: "read-only" }],
    ["a part of the site", { paths: ["/checkout/*"] }],
  ] as const)("is not closed with %s", async (_what, options) => {
    await hold();
    await expect(controller.close("shop", options)).rejects.toMatchObject({ code: "ERR_HELD" });
    await controller.close("shop", { ...options, anyway: true });
    expect((await controller.state()).records.get("shop")).toMatchObject(options);
    await clock.advance(60_000);
    await controller.close("shop", { message: "Back at nine", anyway: true });
    expect((await members.list()).barriers).toHaveLength(1);
  });

  test("may be closed in any way that the hold asks for", async () => {
    await hold({ targets: [{ site: "shop", mode: "read-only", paths: ["/checkout/*"] }] });
    await controller.close("shop", { mode: "read-only", paths: ["/checkout/*"] });
    await controller.close("shop", { mode: "closed", message: "Back at nine" });
    expect(await modeOf()).toBe("closed");
  });

  test("is neither removed, nor narrowed by its settings, nor restored by another command", async () => {
    await controller.sites.add("news");
    await controller.close("news", { lockdown: true });
    await hold({ targets: [{ site: "news" }] });
    const version = (await controller.state()).records.get("news")?.version ?? 0;
    await expect(controller.sites.remove("news")).rejects.toMatchObject({ code: "ERR_HELD" });
    const edits = { version, paths: ["/a"] };
    await expect(controller.edit("news", edits)).rejects.toMatchObject({ code: "ERR_HELD" });
    await controller.edit("news", { version, message: "Back at nine" });
  });

  test("may be opened if the hold belongs to a wait, or to another site", async () => {
    await hold({ isHold: false });
    await hold({ id: "other", targets: [{ site: "blog" }] });
    await controller.open("shop");
    expect(await modeOf()).toBe("open");
  });

  test("is held by a later release too, whose text cannot be read", async () => {
    await members.setBarrier({ id: "later", targets: ["shop"], text: "{}" }, null);
    await expect(controller.open("shop")).rejects.toThrow("Held by a later release of this package: shop.");
  });

  test("that is open already is opened again without an error", async () => {
    await controller.open("shop");
    await hold();
    const { outcomes } = await controller.open("shop");
    expect(outcomes).toMatchObject([{ effect: "unchanged" }]);
  });
});

test("a list that cannot be read keeps no operator from opening", async () => {
  await hold();
  const list = () => Promise.reject(new Error("no list"));
  const other = createController({ store: { ...store, members: { ...members, list } }, clock }, { by: "ada" });
  await other.open("shop");
  expect(await modeOf()).toBe("open");
});
