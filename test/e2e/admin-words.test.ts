import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { keepScreenshot, openAdmin, signIn } from "./admin-operator.ts";
import { type AdminSite, startAdminSite } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations, launchBrowser } from "./page-browser.ts";

/** Technical terms that no operator should see. */
const API_WORDS = /Authorization|Bearer|Retry-After:|openapi|docs\/|begin-sessions|ERR_|body,/;

describeInBrowser("the admin in plain words", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  test("counts down after too many wrong passwords, and then allows another attempt", async () => {
    const page = await openAdmin(browser, site, complaints, { prepare: (tab) => tab.clock.install() });
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = page.waitForResponse(/api\/v1\/session/);
      await page.getByLabel("Password").fill(`wrong password ${tries}`);
      await page.getByRole("button", { name: "Sign in" }).click();
      if ((await answer).status() === 429) break;
    }
    const countdown = page.getByRole("timer");
    await countdown.getByText("Too many attempts. Try again in").waitFor();
    const left = async (): Promise<number> => {
      const [minutes = 0, seconds = 0] = (await page.locator(".countdown").innerText()).split(":").map(Number);
      return minutes * 60 + seconds;
    };
    const before = await left();
    expect(before).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(true);
    await keepScreenshot(page, "locked-out");
    expect(await findViolations(page)).toEqual([]);
    expect(await page.locator("body").innerText()).not.toMatch(API_WORDS);
    await page.clock.runFor(3_000);
    expect(await left()).toBeLessThan(before);
    await page.clock.fastForward(before * 1_000);
    await countdown.waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(false);
  });

  test("explains an invalid value at its field, without the API's name", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/answer" });
    await page.getByLabel("Status code").fill("99");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("99 is not a status for a closed site.").first().waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(/response\.status|body,/);
  });

  test("describes signing in and tokens in the history in words", async () => {
    const page = await openAdmin(browser, site, complaints);
    await signIn(page);
    await site.controller.tokens.create({ name: "ci", may: ["view"], by: { kind: "cli", label: "noor" } });
    await site.controller.execute({ type: "restore", records: [] }, { kind: "program", label: "scope" });
    await site.gate.refresh();
    await page.goto(`${site.url}#/history`);
    await page.locator(".history strong").getByText("First sign-in").waitFor();
    await page.locator(".history").getByText("Token created").waitFor();
    await page.locator(".history").getByText("Tokens", { exact: true }).waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(API_WORDS);
    await keepScreenshot(page, "history-words");
  });

  test("says that a URL has no page, with a way back", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/bogus" });
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await page.getByText("#/bogus").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Back to sites" }).click();
    await page.getByRole("heading", { name: "Sites" }).waitFor();
  });

  test("refuses an end in the past at its field, in the page and in the dialog, and promises nothing", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    const end = (): ReturnType<Page["getByLabel"]> => page.getByLabel("End date and time");
    await page.getByLabel("Date and time", { exact: true }).check();
    await end().fill("2020-01-01T10:00");
    await page.getByText("This time has passed. Choose a later one.").waitFor();
    expect(await page.locator(".sentence").first().innerText()).toBe("Choose a valid end first.");
    await page.getByRole("button", { name: "Close shop" }).click();
    await expect.poll(() => end().evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.goto(`${site.url}#/`);
    await page.getByRole("button", { name: "Close shop" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("This time has passed. Choose a later one.").waitFor();
    expect(await dialog.locator(".sentence").innerText()).toBe("Choose a valid end first.");
    await dialog.getByRole("button", { name: "Close shop" }).click();
    await expect.poll(() => end().getAttribute("aria-invalid")).toBe("true");
    expect(site.gate.mode("shop")).toBe("open");
  });

  test("asks before it adds an exemption that lets everyone in", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/exemptions" });
    await page.getByLabel("Address or range").fill("0.0.0.0/0");
    await page.getByRole("button", { name: "Add address" }).click();
    const dialog = page.getByRole("dialog", { name: "Add 0.0.0.0/0?" });
    await dialog.getByText("every IPv4 address").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(gateInternals(site.gate).snapshot.sites.get("shop")?.record.exemptions.addresses).toEqual([]);
    await page.getByRole("button", { name: "Add address" }).click();
    await dialog.getByRole("button", { name: "Add anyway" }).click();
    await page.getByText("0.0.0.0/0 is exempt.").waitFor();
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByLabel("Address, range or path").fill("/*");
    await page.getByRole("button", { name: "Add exemption" }).click();
    await page.getByRole("listitem").filter({ hasText: "/*" }).waitFor();
    await page.getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("dialog").getByText("The path '/*' matches every path").waitFor();
    await page
      .getByRole("dialog")
      .getByText(/^Your own request from 127\.0\.0\.1: Allowed/)
      .waitFor();
  });

  test("answers a question about an open site for now and for a closure, with the address", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/exemptions" });
    await page.getByLabel("Client address (optional)").fill("::ffff:198.51.100.7");
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByText("If the site were closed: Blocked").waitFor();
    await page.getByText("The address is 198.51.100.7, as given.").waitFor();
    await page.getByLabel("Path", { exact: true }).last().fill("https://other.example/");
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByText("The host 'other.example' belongs to no site").waitFor();
  });

  test("passes a link to the phone's share function, if there is one", async () => {
    const page = await openAdmin(browser, site, complaints, {
      name: "mia",
      at: "#/sites/shop/links",
      prepare: (tab) =>
        tab.addInitScript("navigator.share = async (what) => { document.documentElement.dataset.shared = what.url; }"),
    });
    await page.getByLabel("Recipient").fill("QA");
    expect(await page.getByLabel("Until it opens").count()).toBe(0);
    await page.getByRole("button", { name: "Create link" }).click();
    const link = await page.getByLabel("Link for QA").inputValue();
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("Shared.").waitFor();
    expect(await page.locator("html").getAttribute("data-shared")).toBe(link);
    expect(await page.getByRole("button", { name: "Copy" }).count()).toBe(1);
  });
});

describeInBrowser("the admin at a glance", () => {
  let browser: Browser;
  let site: AdminSite;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await site.close();
    expect(complaints).toEqual([]);
  });

  test("shows the name of the installation, and a site's switch on the first screen of a phone", async () => {
    site = await startAdminSite({ admin: { name: "Acme, staging" } });
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    const button = page.getByRole("button", { name: "Close shop" });
    await button.waitFor();
    expect(await page.title()).toBe("shop · Acme, staging");
    expect(await page.getByRole("banner").innerText()).toContain("Acme, staging");
    const { y = 0, height = 0 } = (await button.boundingBox()) ?? {};
    expect(y + height).toBeLessThan(844 / 2);
    const rows = async (name: string): Promise<number> => {
      const tops = await page
        .getByRole("navigation", { name })
        .getByRole("link")
        .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
      return new Set(tops).size;
    };
    expect([await rows("Main"), await rows("shop")]).toEqual([0, 1]);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "History" }).first().click();
    await page.getByRole("heading", { name: "History" }).waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Menu" }).getAttribute("aria-expanded")).toBe("false");
    const out = await openAdmin(browser, site, complaints);
    expect(await out.title()).toBe("Sign in · Acme, staging");
    await out.getByText("Acme, staging").waitFor();
  });

  test("shows fifty sites in a dense list that can be sorted", async () => {
    const names = Array.from({ length: 50 }, (_, at) => `site-${at + 10}`);
    const sites = Object.fromEntries(names.map((name) => [name, { hosts: [`${name}.example`] }]));
    site = await startAdminSite({ options: { sites } });
    await site.controller.execute({ type: "close", sites: ["site-44"] }, { kind: "cli", label: "noor" });
    await site.gate.refresh();
    const page = await openAdmin(browser, site, complaints, { name: "mia", viewport: { width: 1280, height: 800 } });
    const row = page.locator(".site-row");
    await expect.poll(() => row.count()).toBe(50);
    await keepScreenshot(page, "fifty-wide");
    const { height = 0 } = (await row.nth(5).boundingBox()) ?? {};
    expect(height).toBeLessThan(56);
    await page.getByLabel("Sort by").selectOption("Closed first");
    await expect.poll(() => row.nth(1).locator(".site-name").innerText()).toBe("site-44");
    await page.getByLabel("Sort by").selectOption("Name");
    await expect.poll(() => row.nth(1).locator(".site-name").innerText()).toBe("site-10");
    await page.setViewportSize({ width: 390, height: 844 });
    await keepScreenshot(page, "fifty-narrow", false);
    expect(await findViolations(page)).toEqual([]);
  });

  test("draws an unticked box as one that can be ticked, also in dark mode", async () => {
    site = await startAdminSite();
    const page = await openAdmin(browser, site, complaints, { name: "mia", colorScheme: "dark" });
    const border = await page
      .getByLabel("Select shop")
      .evaluate((box) => box.ownerDocument.defaultView?.getComputedStyle(box).borderColor);
    expect(border).toBe("rgb(239, 237, 234)");
  });

  test("finds an internationalised host in either spelling", async () => {
    site = await startAdminSite({ options: { sites: { muc: { hosts: ["münchen.example"] }, shop: {} } } });
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    for (const typed of ["münchen", "MÜNCHEN.example", "xn--mnchen"]) {
      await page.getByLabel("Search").fill(typed);
      await page.getByText("1 site found, all open").waitFor();
      expect(await page.locator(".site-name").allInnerTexts()).toEqual(["muc"]);
      await page.getByLabel("Search").fill("");
      await page.getByText("2 sites, all open").waitFor();
    }
  });
});
