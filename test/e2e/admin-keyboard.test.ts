import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

const FOCUSED = `(() => {
  const { activeElement: element } = document;
  const words = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
  return element === document.body ? "nothing" : words.trim().replace(/\\s+/g, " ");
})()`;

describeInBrowser("the admin by keyboard alone", () => {
  let browser: Browser;
  let site: AdminSite;
  let page: Page;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  const focused = (): Promise<string> => page.evaluate(FOCUSED);

  /** Presses Tab until what has the focus is called `name`; each stop on the way must be seen to have it. */
  async function tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const now = await focused();
      if (now === name) {
        expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
        return;
      }
      passed.push(now);
    }
    throw new Error(`Tab never came to '${name}', but to: ${passed.join(", ")}`);
  }

  test("signs in, closes a site with a reason, and opens it again", async () => {
    page = await openAdmin(browser, site, complaints);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await tabTo("Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sites" }).waitFor();
    await page.getByRole("link", { name: "shop", exact: true }).waitFor();
    await tabTo("shop");
    await page.keyboard.press("Enter");
    // The link has the same name as the heading to which it leads.
    await page.getByRole("heading", { name: "shop", exact: true }).waitFor();
    await expect.poll(focused).toBe("shop");
    await tabTo("Close shop");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Close shop?");
    await tabTo("Reason, for the history (optional)");
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    await expect.poll(focused).toBe("Open shop");
    await page.keyboard.press("Enter");
    await tabTo("Open shop");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect((await site.controller.history({ limit: 2 })).map(({ command, reason }) => [command, reason])).toEqual([
      ["open", ""],
      ["close", "By keyboard"],
    ]);
  });

  test("a dialog holds the focus, gives it back when it is left by Escape, and nothing has happened", async () => {
    page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close blog" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let presses = 0; presses < 15; presses += 1) {
      await page.keyboard.press("Tab");
      // Between the last and the first a browser lets the keyboard out to its own controls.
      expect(await page.evaluate("document.activeElement.matches('body, dialog, dialog *')")).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Close blog");
    expect(await site.controller.history({ limit: 1 })).toEqual([]);
  });

  test("the first Tab offers to skip to the content, and the arrows lead through languages", async () => {
    page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/message" });
    await page.getByRole("heading", { name: "Message" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.localName")).toBe("main");
    await page.getByLabel("Add a language").selectOption("de");
    await page.getByLabel("Title").fill("Um neun zurück");
    await page.getByRole("tab", { name: "German (de)" }).focus();
    await page.keyboard.press("ArrowLeft");
    expect(await focused()).toBe("All languages");
    expect(await page.getByLabel("Title").inputValue()).toBe("");
    await page.keyboard.press("ArrowRight");
    expect(await page.getByLabel("Title").inputValue()).toBe("Um neun zurück");
  });
});
