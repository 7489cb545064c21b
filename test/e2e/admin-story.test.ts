import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { keepScreenshot, openAdmin, signIn } from "./admin-operator.ts";
import type { AdminSite } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

describeInBrowser("an operator with a phone", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  /** A visitor in a context of their own: what they read, and the status with which it came. */
  async function visit(url: string, visitor?: Page): Promise<{ readonly status: number; readonly text: string }> {
    const page = visitor ?? (await (await browser.newContext()).newPage());
    const response = await page.goto(url);
    return { status: response?.status() ?? 0, text: await page.locator("body").innerText() };
  }

  test("signs in, closes one of three sites, lets some in, sees who did it, and opens it again", async () => {
    const page = await openAdmin(browser, site, complaints);
    await keepScreenshot(page, "story-1-sign-in");
    await signIn(page);
    await expect.poll(() => page.locator(".site-row").count()).toBe(4);
    await keepScreenshot(page, "story-2-sites");

    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByLabel("2 hours").check();
    await page.getByLabel("Message for visitors").fill("We are moving to a bigger stockroom.");
    await expect
      .poll(() => page.locator(".sentence").first().innerText())
      .toMatch(
        /^Visitors of shop\.localhost will see “We are moving to a bigger stockroom”, for 2 hours, until (tomorrow )?\d\d:\d\d \(Europe\/Berlin\)\.$/,
      );
    await keepScreenshot(page, "story-3-site");
    expect((await visit(site.urlAt("shop.localhost"))).status).toBe(200);
    await page.getByRole("button", { name: "Close shop" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("You will not get in to 'shop' yourself").waitFor();
    await keepScreenshot(page, "story-4-dialog", false);
    await dialog.getByLabel("Reason").fill("Moving the stock");
    await dialog.getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    await page.getByText("shop is closed.").waitFor();
    await keepScreenshot(page, "story-5-closed");

    const closed = await visit(site.urlAt("shop.localhost"));
    expect(closed.status).toBe(503);
    expect(closed.text).toContain("We are moving to a bigger stockroom.");
    expect((await visit(site.urlAt("blog.localhost"))).status).toBe(200);

    await page.getByRole("link", { name: "Who gets in" }).click();
    await page.getByLabel("Address or range").fill("10.0.0.0/40");
    await page.getByRole("button", { name: "Let this address in" }).click();
    const address = page.getByLabel("Address or range");
    await expect.poll(() => address.getAttribute("aria-invalid")).toBe("true");
    expect(await address.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.getByRole("button", { name: "Fill it in" }).click();
    expect(await address.inputValue()).toBe("127.0.0.1");
    await address.fill("10.0.0.0/8");
    await page.getByLabel("Description").first().fill("The office");
    await page.getByRole("button", { name: "Let this address in" }).click();
    await page.getByRole("listitem").filter({ hasText: "10.0.0.0/8" }).waitFor();
    await page.getByLabel("Path", { exact: true }).first().fill("/imprint");
    await page.getByRole("button", { name: "Let this path through" }).click();
    await page.getByRole("listitem").filter({ hasText: "/imprint" }).waitFor();
    expect((await visit(site.urlAt("shop.localhost", "/imprint"))).status).toBe(200);
    await page.getByLabel("From address (optional)").fill("10.1.2.3");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.locator(".explanation").getByText("10.0.0.0/8").waitFor();
    await keepScreenshot(page, "story-6-who-gets-in");

    await page.getByLabel("shop", { exact: true }).getByRole("link", { name: "Links" }).click();
    await page.getByLabel("Who it is for").fill("QA");
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = new URL(await page.getByLabel("The link for QA").inputValue());
    expect(link.searchParams.get("maintenance-access")).toMatch(/^[\w-]{40,}$/);
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Copied.").waitFor();
    await page.getByText(/^Holds for (2 hours|1 hour 59 minutes), until /).waitFor();
    await keepScreenshot(page, "story-7-link");
    const tester = await (await browser.newContext()).newPage();
    expect((await visit(site.urlAt("shop.localhost", `/${link.search}`), tester)).status).toBe(200);
    expect(tester.url()).toBe(site.urlAt("shop.localhost"));

    await page.getByLabel("shop", { exact: true }).getByRole("link", { name: "History" }).click();
    const entries = page.locator(".history > li");
    await expect.poll(() => entries.count()).toBe(4);
    const first = await entries.last().innerText();
    expect(first).toMatch(/closed shop/);
    expect(first).toContain("Reason: Moving the stock");
    await keepScreenshot(page, "story-8-history");

    await page.getByRole("link", { name: "Switch" }).click();
    await page.getByRole("button", { name: "Open shop" }).click();
    await dialog.getByRole("button", { name: "Open shop" }).click();
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect((await visit(site.urlAt("shop.localhost"))).status).toBe(200);
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
      .getByText(/^Visitors of 2 sites \(blog and docs\) will see “Back in half an hour”, for 30 minutes/)
      .waitFor();
    await keepScreenshot(page, "several-dialog", false);
    await dialog.getByRole("button", { name: "Close 2 sites" }).click();
    await expect.poll(() => page.locator(".site-row .mode", { hasText: "Closed" }).count()).toBe(2);
    await keepScreenshot(page, "several-closed");
    expect((await visit(site.urlAt("docs.localhost"))).text).toContain("Back in half an hour");
    await page.getByLabel("Show", { exact: true }).selectOption("closed");
    await expect.poll(() => page.locator(".site-row").count()).toBe(2);
    await page.getByLabel("Select all that are shown").check();
    await bar.getByRole("button", { name: "Open" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Open 2 sites" }).click();
    await page.getByText("No site matches.").waitFor();
    expect((await visit(site.urlAt("docs.localhost"))).status).toBe(200);
  });
});
