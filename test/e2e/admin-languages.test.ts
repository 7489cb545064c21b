import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { ADMIN_LANGUAGES } from "../../src/admin/page/languages.ts";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations } from "./page-browser.ts";

const WIDTHS = [390, 1280] as const;
const BY = { kind: "cli", label: "noor" } as const;
/** The views of each test, in groups so that no test takes long. */
const VIEWS = {
  switch: ["#/", "#/sites/shop", "#/sites/blog"],
  site: ["#/sites/shop/exemptions", "#/sites/shop/message", "#/sites/shop/answer"],
  records: ["#/sites/shop/links", "#/history", "#/tokens"],
} as const;
const LANGUAGES = Object.keys(ADMIN_LANGUAGES);
const CASES = Object.entries(VIEWS).flatMap(([name, views]) => LANGUAGES.map((tag) => ({ name, tag, views })));

/** Returns the texts that do not fit into their buttons, links, labels or headings. */
const CLIPPED = `[...document.querySelectorAll("button, a, label, h1, h2, h3, th, legend")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen, .parts, .installation, .skip"))
  .filter((one) => getComputedStyle(one).overflow !== "visible" || one.tagName === "BUTTON")
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .map((one) => one.textContent)`;

describeInBrowser("the admin in the language of its reader", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  async function look(page: Page, tag: string, view: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      await keepScreenshot(page, `language-${tag}${view}-${width}`, view !== "-dialog");
      const at = `${view} in ${tag} at ${width}`;
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), at).toBeLessThan(1);
      expect(await page.evaluate(CLIPPED), at).toEqual([]);
    }
    expect(await findViolations(page), `${view} in ${tag}`).toEqual([]);
    expect(await page.locator("html").getAttribute("lang")).toBe(tag);
  }

  /** Closes a site, and creates a link and a token. */
  async function prepareSite(): Promise<void> {
    const { controller, gate } = site;
    const exempt = { addresses: [{ range: "10.0.0.0/8", description: "10" }], paths: [] };
    const until = new Date(Date.now() + 93_600_000).toISOString().replace(/\.\d+/, "");
    await controller.execute({ type: "close", sites: ["shop"], until, exempt, reason: "12" }, BY);
    await controller.links.create({ site: "shop", label: "QA", by: BY });
    await controller.tokens.create({ name: "ci", may: ["view", "switch"], by: BY });
    await gate.refresh();
  }

  test.each(CASES)("$name in $tag fits on a phone and on a wide screen", async ({ tag, views }) => {
    await prepareSite();
    const page = await openAdmin(browser, site, complaints, { name: "mia", locale: tag });
    for (const at of views) {
      await page.goto(site.url + at);
      await page.locator("main h2, .site-row, .history li").first().waitFor();
      await look(page, tag, at.replaceAll(/[#/]+/g, "-").replace(/^-$/, "-list"));
    }
  });

  test.each(LANGUAGES)("in %s, a user signs in and confirms before a site is closed", async (tag) => {
    const scripts: string[] = [];
    const page = await openAdmin(browser, site, complaints, {
      locale: tag,
      prepare: async (tab) =>
        tab.on("request", (request) => request.url().endsWith(".js") && scripts.push(request.url())),
    });
    await look(page, tag, "-sign-in");
    await page.locator("input[type=password]").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".site-row", { hasText: "docs" }).getByRole("button").click();
    await page.getByRole("dialog").locator(".warning").waitFor();
    await look(page, tag, "-dialog");
    expect(scripts).toHaveLength(tag === "en" ? 1 : 2);
  });

  test("a language that is chosen on the page keeps all input, and is used the next time", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await page.getByLabel("Message for visitors").fill("Back at nine");
    await page.getByLabel("Language", { exact: true }).focus();
    await page.getByLabel("Language", { exact: true }).selectOption("Deutsch");
    await page.getByRole("button", { name: "shop schließen" }).waitFor();
    expect(await page.getByLabel("Nachricht für Besucher").inputValue()).toBe("Back at nine");
    expect(
      await page.getByLabel("Sprache", { exact: true }).evaluate((one) => one.ownerDocument.activeElement === one),
    ).toBe(true);
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    const next = await page.context().newPage();
    const answer = await next.goto(`${site.url}#/sites/shop`);
    expect(await answer?.text()).toContain('<html lang="de">');
    await next.getByRole("button", { name: "shop schließen" }).waitFor();
  });

  test("without script, the forms are in the language of the browser", async () => {
    const page = await openAdmin(browser, site, complaints, { locale: "fr-CA", javaScriptEnabled: false });
    await page.getByLabel("Mot de passe").fill(PASSWORD);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByLabel("shop").check();
    await page.getByRole("button", { name: "Fermer les sites sélectionnés" }).click();
    await page.getByRole("heading", { name: "Fermer shop" }).waitFor();
    await keepScreenshot(page, "language-fr-without-script");
    await page.getByRole("button", { name: "Fermer shop" }).click();
    await page.getByText("Fermeture effectuée.").waitFor();
    expect(site.gate.mode("shop")).toBe("closed");
  });

  test("if the texts of a language cannot be loaded, the page is in English", async () => {
    const page = await openAdmin(browser, site, complaints, {
      name: "mia",
      locale: "de-AT",
      prepare: (tab) => tab.route(/\/de-[\w-]+\.js$/, (route) => route.abort()),
    });
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });
});
