import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

const FOCUSED = `(() => {
  const { activeElement: element } = document;
  const words = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
  return element === document.body ? "nothing" : words.trim().replace(/\\s+/g, " ");
})()`;

/** A focused radio button shows the outline on its container. */
const OUTLINE = `getComputedStyle(document.activeElement.closest(".option") ?? document.activeElement).outlineStyle`;

describeInBrowser("the admin with only the keyboard", () => {
  let browser: Browser;
  let site: AdminSite;
  let page: Page;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  const focused = (): Promise<string> => page.evaluate(FOCUSED);

  /** Presses Tab until the element called `name` has the focus, which must then be visible. */
  async function tabTo(name: string, key = "Tab"): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press(key);
      const now = await focused();
      if (now === name) {
        expect(await page.evaluate(OUTLINE)).not.toBe("none");
        return;
      }
      passed.push(now);
    }
    throw new Error(`Tab never came to '${name}', but to: ${passed.join(", ")}`);
  }

  /** Moves the focus to the element called `name`, and presses `key` there. */
  async function press(name: string, key = "Enter"): Promise<void> {
    await tabTo(name);
    await page.keyboard.press(key);
  }

  async function pressBefore(name: string): Promise<void> {
    await tabTo(name, "Shift+Tab");
    await page.keyboard.press("Enter");
  }

  /** A link and the heading of its view have the same name. What is typed before the heading takes the focus is lost. */
  async function headingHasFocus(name: string): Promise<void> {
    await expect.poll(() => page.evaluate(`document.activeElement.matches("h1, h2") && ${FOCUSED}`)).toBe(name);
  }

  async function followBefore(name: string): Promise<void> {
    await pressBefore(name);
    await headingHasFocus(name);
  }

  async function type(name: string, text: string): Promise<void> {
    await tabTo(name);
    await page.keyboard.type(text);
  }

  test("closes for two hours in two languages, with an exemption and a link, and opens again", async () => {
    page = await openAdmin(browser, site, complaints);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await type("Password", PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "shop", exact: true }).waitFor();
    await press("shop");
    await headingHasFocus("shop");
    await tabTo("No end");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("2 hours");
    await type("Message for visitors", "Back soon");
    await type("Add a language", "Ger");
    await press("Add language");
    await type("Message in German (de)", "Bald zurück");
    await type("Address, range or path", "10.0.0.0/8");
    await page.keyboard.press("Enter");
    await page.getByRole("listitem").filter({ hasText: "10.0.0.0/8" }).waitFor();
    await press("Preview");
    await page.frameLocator("iframe").getByText("Back soon").waitFor();

    await pressBefore("Close shop");
    await expect.poll(focused).toBe("Close shop?");
    await type("Reason (optional)", "By keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    await expect.poll(focused).toBe("Open shop");

    await followBefore("Exemptions");
    await type("Client address (optional)", "10.1.2.3");
    await page.keyboard.press("Enter");
    await page.locator(".explanation").getByText("10.0.0.0/8").waitFor();
    await followBefore("Links");
    await type("Recipient", "QA");
    await tabTo("2 hours");
    await page.keyboard.press("ArrowLeft");
    expect(await focused()).toBe("Until it opens");
    await press("Create link");
    await expect.poll(focused).toBe("Link for QA");
    await followBefore("History");
    await page.getByText("Reason: By keyboard").waitFor();
    await followBefore("Overview");
    await press("Open shop");
    await expect.poll(focused).toBe("Open shop?");
    await press("Open shop");
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect((await site.controller.history({ limit: 3 })).map(({ command, reason }) => [command, reason])).toEqual([
      ["open", ""],
      ["add-link", ""],
      ["close", "By keyboard"],
    ]);
    expect(gateInternals(site.gate).snapshot.sites.get("shop")?.record).toMatchObject({
      links: [],
      notice: { translations: {} },
    });
  });

  test("a dialog keeps the focus, and Escape returns it without a change", async () => {
    page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close blog" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (let presses = 0; presses < 15; presses += 1) {
      await page.keyboard.press("Tab");
      // Between the last and the first element, a browser moves the focus to its own controls.
      expect(await page.evaluate("document.activeElement.matches('body, dialog, dialog *')")).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Close blog");
    expect(await site.controller.history({ limit: 1 })).toEqual([]);
  });

  test("the first Tab offers to skip to the content, and the arrow keys move through languages", async () => {
    page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/message" });
    await page.getByRole("heading", { name: "Message" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.localName")).toBe("main");
    await page.getByLabel("Add a language").selectOption("de");
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByLabel("Title").fill("Um neun zurück");
    await page.getByRole("tab", { name: "German (de)" }).focus();
    await page.keyboard.press("ArrowLeft");
    expect(await focused()).toBe("All languages");
    expect(await page.getByLabel("Title").inputValue()).toBe("");
    await page.keyboard.press("ArrowRight");
    expect(await page.getByLabel("Title").inputValue()).toBe("Um neun zurück");
  });
});
