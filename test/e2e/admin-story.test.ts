import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { keepScreenshot, type OperatorOptions, openAdmin } from "./admin-operator.ts";
import type { AdminSite } from "./admin-site.ts";
import { visit, walkWholeWay } from "./admin-walk.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

const PHONE = { width: 390, height: 844 };

/** The settings with which the same walk is repeated. At 200 % zoom, a window of 1280 by 800 has half of that in CSS pixels. */
const WAYS: readonly (readonly [name: string, options: OperatorOptions])[] = [
  ["in the light", { viewport: PHONE, colorScheme: "light" }],
  ["in the dark", { viewport: PHONE, colorScheme: "dark" }],
  ["zoomed to 200 %", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ["on a slow line", { viewport: PHONE, prepare: slowDown }],
];

/** Emulates a phone in a train: half a second of latency, 400 kbit/s. */
async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 500,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
}

describeInBrowser("an operator with a phone", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  test.each(WAYS)("closes and opens a site, %s", async (name, options) => {
    const page = await openAdmin(browser, site, complaints, options);
    await walkWholeWay({ browser, site, page, name: `walk ${name}`.replaceAll(/\W+/g, "-") });
    if ((page.viewportSize()?.width ?? 0) < 700) await page.getByRole("button", { name: "Menu" }).click();
    await keepScreenshot(page, `walk ${name} menu`.replaceAll(/\W+/g, "-"), false);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
  });

  test("closes two sites at once with one message, and opens them again", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByLabel("Select blog").check();
    await page.getByLabel("Select docs").check();
    const bar = page.getByRole("region", { name: "Selected sites" });
    await bar.getByRole("button", { name: "Close" }).click();
    const dialog = page.getByRole("dialog", { name: "Close 2 sites?" });
    await dialog.getByLabel("30 minutes").check();
    await dialog.getByLabel("Message for visitors").fill("Back in half an hour");
    await dialog
      .getByText(
        /^Visitors to 2 sites \(blog and docs\) will see “Back in half an hour”\. Opens automatically after 30 minutes/,
      )
      .waitFor();
    await keepScreenshot(page, "several-dialog", false);
    await dialog.getByRole("button", { name: "Close 2 sites" }).click();
    await expect.poll(() => page.locator(".site-row .mode", { hasText: "Closed" }).count()).toBe(2);
    await keepScreenshot(page, "several-closed");
    expect((await visit(browser, site.urlAt("docs.localhost"))).text).toContain("Back in half an hour");
    await page.getByLabel("Show", { exact: true }).selectOption("closed");
    await expect.poll(() => page.locator(".site-row").count()).toBe(2);
    await page.getByLabel("Select all shown").check();
    await bar.getByRole("button", { name: "Open" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Open 2 sites" }).click();
    await page.getByText("No sites match.").waitFor();
    expect((await visit(browser, site.urlAt("docs.localhost"))).status).toBe(200);
  });
});
