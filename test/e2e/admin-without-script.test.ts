import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD, startAdminSite } from "./admin-site.ts";
import { describeInBrowser, launchBrowser } from "./page-browser.ts";

describeInBrowser("the admin without script", () => {
  let browser: Browser;
  let site: AdminSite;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    site = await startAdminSite();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await site.close();
  });

  test("a user signs in, closes a site, opens it again, and signs out", async () => {
    const complaints: string[] = [];
    const page = await openAdmin(browser, site, complaints, {
      javaScriptEnabled: false,
      viewport: { width: 320, height: 640 },
    });
    await keepScreenshot(page, "without-script-sign-in");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("shop").check();
    await keepScreenshot(page, "without-script-sites");
    await page.getByRole("button", { name: "Close selected sites" }).click();
    await page.getByRole("heading", { name: "Close shop?" }).waitFor();
    await page.getByText("You will not get in to 'shop' yourself").waitFor();
    await keepScreenshot(page, "without-script-asks");
    await page.getByRole("button", { name: "Close shop" }).click();
    await page.getByText("Closed.").waitFor();
    await page.getByText("You will not get in to 'shop' yourself").waitFor();
    await keepScreenshot(page, "without-script-closed");
    const visitor = await (await browser.newContext()).newPage();
    expect((await visitor.goto(site.urlAt("shop.localhost")))?.status()).toBe(503);
    await page.getByLabel("shop").check();
    await page.getByRole("button", { name: "Open selected sites" }).click();
    await page.getByText("Opened.").waitFor();
    expect((await visitor.goto(site.urlAt("shop.localhost")))?.status()).toBe(200);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Password").waitFor();
    expect(complaints).toEqual([]);
  });
});
