import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { keepScreenshot, openAdmin, signIn } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations } from "./page-browser.ts";

describeInBrowser("an operator who is interrupted", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  /** Removes the cookie. The page notices when it reads a colleague's change. */
  async function endSession(page: Page, change: string): Promise<void> {
    await page.context().clearCookies();
    await site.controller.execute({ type: "add-site", site: change }, { kind: "cli", label: "noor" });
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
  }

  async function signInAgain(page: Page): Promise<void> {
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("Password", { exact: true }).last().fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "detached" });
  }

  test("by the end of a session keeps all input, in a form and in a dialog", async () => {
    const page = await openAdmin(browser, site, complaints);
    await signIn(page);
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByRole("link", { name: "Exemptions", exact: true }).click();
    await page.getByLabel("Address or range").fill("198.51.100.0/24");
    await page.getByLabel("Description").first().fill("The other office");
    await endSession(page, "wiki");
    await keepScreenshot(page, "session-ended", false);
    expect(await findViolations(page)).toEqual([]);
    await signInAgain(page);
    await page.getByRole("button", { name: "Add address" }).click();
    await page.getByText("The other office").waitFor();

    // A click that the server refuses opens the dialog too. Another read of the page may open it first and cover the button, so the click
    // is dispatched.
    await page.getByLabel("Path", { exact: true }).first().fill("/imprint");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Add path" }).dispatchEvent("click");
    await signInAgain(page);
    await page.getByRole("button", { name: "Add path" }).click();
    await page.getByRole("listitem").filter({ hasText: "/imprint" }).waitFor();

    await page.getByRole("link", { name: "Sites" }).first().click();
    await page.getByRole("button", { name: "Close docs" }).click();
    const closing = page.getByRole("dialog", { name: "Close docs?" });
    await closing.getByLabel("Message for visitors").fill("A long and careful text");
    await endSession(page, "forum");
    await signInAgain(page);
    await closing.getByRole("button", { name: "Close docs" }).click();
    await page.getByRole("button", { name: "Open docs" }).waitFor();
    expect(gateInternals(site.gate).snapshot.sites.get("docs")?.record.notice.message).toBe("A long and careful text");
  });

  test("by a broken connection is notified, and also of its return", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    const banner = page.getByRole("heading", { name: "Connection lost. This page may be out of date." });
    await page.context().setOffline(true);
    await banner.waitFor();
    await keepScreenshot(page, "offline", false);
    expect(await findViolations(page)).toEqual([]);
    await page.context().setOffline(false);
    await banner.waitFor({ state: "detached" });
  });

  test("by Back leaves the question, and no draft of the preview stays", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("dialog").waitFor();
    await page.goBack();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "shop" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sites" }).waitFor();

    await page.goto(`${site.url}#/sites/shop/message`);
    const preview = page.frameLocator("iframe");
    for (const words of ["One draft", "Another draft"]) {
      await page.getByLabel("Message", { exact: true }).fill(words);
      await preview.getByText(words).waitFor();
    }
    await page.getByRole("button", { name: "Discard" }).click();
    await page.goBack();
    await page.getByRole("heading", { name: "Sites" }).waitFor();
  });

  test("by a slow script keeps the password that was typed meanwhile", async () => {
    const page = await openAdmin(browser, site, complaints, {
      slow: true,
      prepare: (tab) =>
        tab.route(
          "**/assets/*.js",
          async (route) => {
            await tab.locator("#password").fill(PASSWORD);
            await route.continue();
          },
          { times: 1 },
        ),
    });
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sites" }).waitFor();
  });

  test("by a script that loads too late still sees the result of the form", async () => {
    let late = true;
    const page = await openAdmin(browser, site, complaints, {
      slow: true,
      prepare: (tab) => tab.route("**/assets/*.js", (route) => (late ? route.abort() : route.continue())),
    });
    await page.getByLabel("Password").fill("not this one at all");
    late = false;
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Wrong password. Try again.").waitFor();
    await page.locator(".announcement").waitFor();
    expect(new URL(page.url()).search).toBe("");
  });

  test("by haste closes the ticked sites, and never every site", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByLabel("Search").fill("o");
    await page.getByLabel("Select all shown").check();
    await page.getByText("3 sites selected").waitFor();
    expect(await page.getByLabel("Select all sites").count()).toBe(0);
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Select docs").uncheck();
    await page.getByRole("region", { name: "Selected sites" }).getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close 2 sites" }).click();
    await expect.poll(() => page.locator(".site-row .mode", { hasText: "Closed" }).count()).toBe(2);
    expect(site.gate.mode("*")).toBe("open");
  });
});
