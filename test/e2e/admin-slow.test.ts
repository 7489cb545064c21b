import type { Browser, Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

/** Holds matching requests until the returned function is called. */
async function hold(page: Page, url: string | RegExp): Promise<() => Promise<void>> {
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const handler = async (route: Route): Promise<void> => {
    await gone;
    await route.continue().catch(() => undefined);
  };
  await page.route(url, handler);
  return async () => {
    letGo();
    await page.unroute(url, handler);
  };
}

describeInBrowser("the admin on a slow connection", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  const boxOf = (page: Page, name: "textbox" | "button"): Promise<unknown> =>
    (name === "button" ? page.getByRole("button", { name: "Sign in" }) : page.getByLabel("Password")).boundingBox();

  test("the sign-in form stays in place when the script starts", async () => {
    let letGo = async (): Promise<void> => undefined;
    const page = await openAdmin(browser, site, complaints, {
      slow: true,
      prepare: async (tab) => {
        letGo = await hold(tab, "**/assets/*.js");
        // Waits for the response only, because `load` waits for the script.
        tab.goto = (
          (goto) => (url: string) =>
            goto.call(tab, url, { waitUntil: "commit" })
        )(tab.goto);
      },
    });
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const before = [await boxOf(page, "textbox"), await boxOf(page, "button")];
    await keepScreenshot(page, "slow-sign-in-before");
    await letGo();
    await page.locator("#app[data-ready]").waitFor();
    await keepScreenshot(page, "slow-sign-in-after");
    expect([await boxOf(page, "textbox"), await boxOf(page, "button")]).toEqual(before);
  });

  test("a form in use is not replaced, and can be sent", async () => {
    let letGo = async (): Promise<void> => undefined;
    const page = await openAdmin(browser, site, complaints, {
      slow: true,
      prepare: async (tab) => {
        letGo = await hold(tab, "**/assets/*.js");
        tab.goto = (
          (goto) => (url: string) =>
            goto.call(tab, url, { waitUntil: "commit" })
        )(tab.goto);
      },
    });
    const field = page.getByLabel("Password");
    await field.click();
    const handle = await field.elementHandle();
    await page.keyboard.type(PASSWORD.slice(0, 5));
    await letGo();
    await page.getByRole("button", { name: "Continue to the full page" }).waitFor();
    expect(
      await handle?.evaluate((element) => element.isConnected && element.ownerDocument.activeElement === element),
    ).toBe(true);
    await page.keyboard.type(PASSWORD.slice(5));
    await page.keyboard.press("Enter");
    await page.locator("#app[data-ready]").waitFor();
    await page.getByRole("heading", { name: "Sites" }).waitFor();
  });

  test("a list in use also stays, until the user asks for the full page", async () => {
    let letGo = async (): Promise<void> => undefined;
    const page = await openAdmin(browser, site, complaints, {
      name: "mia",
      slow: true,
      prepare: async (tab) => {
        letGo = await hold(tab, /api\/v1\/sites\?/);
      },
    });
    await page.getByLabel("shop").check();
    await letGo();
    await page.getByRole("button", { name: "Continue to the full page" }).click();
    await page.getByRole("button", { name: "Close shop" }).waitFor();
  });

  test("the list shows the result of a switch before it is announced", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close docs" }).click();
    await page.getByRole("dialog").getByText("You will not get in").waitFor();
    // The list, the site and the events are held, so the page can only show the response to the change.
    const letGo = await hold(page, /api\/v1\/(?:sites|events|history)/);
    await page.getByRole("dialog").getByRole("button", { name: "Close docs" }).click();
    await page.getByText("docs is closed.").waitFor();
    expect(await page.locator(".site-row", { hasText: "docs" }).locator(".mode").innerText()).toBe("Closed");
    expect(await page.getByText(/1 not open/).count()).toBe(1);
    await page.getByRole("link", { name: "docs", exact: true }).click();
    await page.getByRole("button", { name: "Open docs" }).waitFor();
    await letGo();
  });

  test("the result of a switch of everything is announced when the list shows it", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close all sites" }).click();
    await page.getByRole("dialog").getByText("You will not get in").waitFor();
    const letGo = await hold(page, /api\/v1\/sites\?/);
    await page.getByRole("dialog").getByRole("button", { name: "Close all sites" }).click();
    await expect.poll(() => site.gate.mode("*")).toBe("closed");
    expect(await page.getByText("All sites are closed.").count()).toBe(0);
    await letGo();
    await page.getByText("All sites are closed.").waitFor();
    expect(await page.locator(".site-row .mode", { hasText: "Closed" }).count()).toBe(4);
  });
});
