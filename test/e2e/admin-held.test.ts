import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { ADMIN_LANGUAGES } from "../../src/admin/page/languages.ts";
import { barrierText, membersOf } from "../support/barriers.ts";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations } from "./page-browser.ts";

const BY = { kind: "cli", label: "noor" } as const;

describeInBrowser("a site that a command holds, on the page of the admin", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  /** Closes the shop and holds it, since two minutes ago. */
  async function holdShop(quiet = 0): Promise<void> {
    await site.controller.execute({ type: "close", sites: ["shop"] }, BY);
    const at = (ago: number) => new Date(Date.now() - ago).toISOString();
    const own = { pid: 7, started: "1", space: "elsewhere", host: "db-1" };
    const holder = { process: own, label: "run", since: at(120_000), renewed: at(quiet) };
    const text = barrierText({ isHold: true, phase: "closing", targets: [{ site: "shop" }], holder });
    await membersOf(await site.controller.store()).setBarrier(text, null);
  }

  const modeOfShop = async () => (await site.controller.state()).records.get("shop")?.mode;

  test("is opened only after a second confirmation, below the name of the holder", async () => {
    await holdShop();
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await page.getByText(/^Held closed by run \(db-1, pid 7\) since \d\d:\d\d\.$/).waitFor();
    await page.getByRole("button", { name: "Open shop" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Held closed by run (db-1, pid 7)").waitFor();
    await dialog.getByText("If you continue, the command is stopped.").waitFor();
    await keepScreenshot(page, "held-dialog");
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Open shop" }).click();
    expect(await dialog.getByLabel("Continue anyway").evaluate((box) => box.matches(":invalid"))).toBe(true);
    expect(await modeOfShop()).toBe("closed");
    await dialog.getByLabel("Continue anyway").check();
    await dialog.getByRole("button", { name: "Open shop" }).click();
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect(await modeOfShop()).toBe("open");
  });

  test("shows that its holder may have crashed", async () => {
    await holdShop(60_000);
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await page.getByText(/Not heard since \d\d:\d\d: the command may have crashed\.$/).waitFor();
  });

  test("is opened only after a second confirmation without script", async () => {
    await holdShop(60_000);
    const page = await openAdmin(browser, site, complaints, { javaScriptEnabled: false });
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("shop").check();
    await page.getByRole("button", { name: "Open selected sites" }).click();
    await page.getByText(/^shop: Held closed by run \(db-1, pid 7\) since .*crashed\.$/).waitFor();
    await keepScreenshot(page, "held-without-script");
    expect(await modeOfShop()).toBe("closed");
    await page.getByRole("button", { name: "Continue anyway" }).click();
    await page.getByText("Opened.").waitFor();
    expect(await modeOfShop()).toBe("open");
  });

  test.each(Object.keys(ADMIN_LANGUAGES))("fits on a phone in %s", async (tag) => {
    await holdShop(60_000);
    const page = await openAdmin(browser, site, complaints, { name: "mia", locale: tag, at: "#/sites/shop" });
    await page.locator(".big-switch button").click();
    await page.getByRole("dialog").locator("input[type=checkbox]").waitFor();
    await keepScreenshot(page, `held-${tag}`);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThan(1);
  });
});
