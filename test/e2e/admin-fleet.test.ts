import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { ADMIN_LANGUAGES } from "../../src/admin/page/languages.ts";
import { type ListedProcess, listFollower, listProcess } from "../support/member-rows.ts";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import type { AdminSite } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations } from "./page-browser.ts";

const WIDTHS = [390, 1280] as const;
const BY = { kind: "cli", label: "noor" } as const;

describeInBrowser("the processes that follow, on the page of the admin", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  /** Lists a process that follows, one that does not apply what is changed, and one whose row cannot be read. */
  async function listProcesses(): Promise<ListedProcess> {
    const store = await site.controller.store();
    if (store.members === undefined) throw new Error("no list");
    const { lineage, version } = await store.load();
    await listFollower(store, "1", { label: "web-1" });
    return await listProcess(store.members, "2", { label: "web-2", position: { lineage, version } });
  }

  test("say who has applied a switch, and change while the page is open", async () => {
    const late = await listProcesses();
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    const line = page.locator("main [role=status] .fleet-line");
    const list = page.getByRole("region", { name: "Processes" });
    await list.getByText("2 processes follow, and all have applied the last change.").waitFor();
    expect(await line.count()).toBe(0);

    await site.controller.execute({ type: "close", sites: ["shop"] }, BY);
    await line.getByText("The last change is applied by 1 of 2 processes. Not by: web-2.").waitFor();
    await list.getByRole("listitem").filter({ hasText: "web-2" }).getByText("not applied yet").waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      await keepScreenshot(page, `fleet-late-${width}`);
    }
    expect(await findViolations(page)).toEqual([]);

    const { lineage, version } = await (await site.controller.store()).load();
    await late.renew({ position: { lineage, version } });
    await line.getByText("2 processes follow, and all have applied the last change.").waitFor();
    await keepScreenshot(page, "fleet-applied-1280");
  });

  test("are on the page of a site too, right after its switch", async () => {
    await listProcesses();
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    await site.controller.execute({ type: "close", sites: ["shop"] }, BY);
    await page.locator(".fleet-line").getByText("Not by: web-2.").waitFor();
    await keepScreenshot(page, "fleet-site-390");
  });

  test.each(Object.keys(ADMIN_LANGUAGES))("fit on a phone and on a wide screen in %s", async (tag) => {
    await listProcesses();
    const store = await site.controller.store();
    await store.members?.join({ id: "3f2a91c0-of-a-later-release", text: "{}" });
    const page = await openAdmin(browser, site, complaints, { name: "mia", locale: tag });
    await page.locator(".fleet li").nth(2).waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      await keepScreenshot(page, `fleet-${tag}-${width}`);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThan(1);
    }
    expect(await findViolations(page)).toEqual([]);
  });
});
