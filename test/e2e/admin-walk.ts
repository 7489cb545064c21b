import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { keepScreenshot, signIn } from "./admin-operator.ts";
import type { AdminSite } from "./admin-site.ts";
import { findViolations } from "./page-browser.ts";

const ENGLISH = "We are moving to a bigger stockroom.";
const GERMAN = "Wir ziehen in ein größeres Lager.";

export interface Walk {
  readonly browser: Browser;
  readonly site: AdminSite;
  readonly page: Page;
  /** The prefix of its screenshots' names. */
  readonly name: string;
}

/** Visits `url` in a new context, and returns the status and the text of the page. */
export async function visit(
  browser: Browser,
  url: string,
  locale = "en-GB",
): Promise<{ readonly status: number; readonly text: string }> {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  const response = await page.goto(url);
  const seen = { status: response?.status() ?? 0, text: await page.locator("body").innerText() };
  await context.close();
  return seen;
}

/**
 * Signs in, closes one of three sites for two hours, with texts in two languages and an exemption for the office, both for this closure
 * only. Then creates a link for as long as the site is closed, looks at the preview, at who gets in and at the history, and opens the site
 * again.
 */
export async function walkWholeWay(walk: Walk): Promise<void> {
  const { page } = walk;
  await look(walk, "1-sign-in");
  await signIn(page);
  await expect.poll(() => page.locator(".site-row").count()).toBe(4);
  await look(walk, "2-sites");
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await chooseClosure(walk);
  await close(walk);
  await seeWhoGetsIn(walk);
  const link = await makeLink(walk);
  await page.getByLabel("shop", { exact: true }).getByRole("link", { name: "History" }).click();
  const entries = page.locator(".history > li");
  await expect.poll(() => entries.count()).toBe(2);
  expect(await entries.last().innerText()).toMatch(/Closed: shop[\s\S]+admin[\s\S]+Reason: Moving the stock/);
  await look(walk, "8-history");
  await open(walk, link);
}

async function chooseClosure(walk: Walk): Promise<void> {
  const { page } = walk;
  await page.getByLabel("2 hours").check();
  await page.getByLabel("Message for visitors").fill(ENGLISH);
  await page.getByLabel("Add a language").selectOption("de");
  await page.getByRole("button", { name: "Add language" }).click();
  await page.getByLabel("Message in German (de)").fill(GERMAN);
  await page.getByLabel("Address, range or path").fill("10.0.0.0/40");
  await page.getByRole("button", { name: "Add exemption" }).click();
  await expect.poll(() => page.getByLabel("Address, range or path").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Address, range or path").fill("10.0.0.0/8");
  await page.getByLabel("Description (optional)").fill("The office");
  await page.getByRole("button", { name: "Add exemption" }).click();
  await page.getByRole("listitem").filter({ hasText: "10.0.0.0/8" }).waitFor();
  await expect
    .poll(() => page.locator(".sentence").first().innerText())
    .toMatch(
      /^Visitors to shop\.localhost will see “We are moving to a bigger stockroom”\. Opens automatically after 2 hours: (tomorrow )?\d\d:\d\d \(Europe\/Berlin\)\.$/,
    );
  await look(walk, "3-site");
  await page.getByText("Preview", { exact: true }).first().click();
  const preview = page.frameLocator("iframe");
  await preview.getByText(ENGLISH).waitFor();
  await page.getByLabel("Visitor’s language").selectOption("de");
  await preview.getByText(GERMAN).waitFor();
  await page.locator(".stage").scrollIntoViewIfNeeded();
  await look(walk, "4-preview", false);
  expect((await visit(walk.browser, walk.site.urlAt("shop.localhost"))).status).toBe(200);
  await page.bringToFront();
  await page.getByText("Preview", { exact: true }).first().click();
}

async function close({ browser, site, page, ...walk }: Walk): Promise<void> {
  await page.getByRole("button", { name: "Close shop" }).click();

  const dialog = page.getByRole("dialog", { name: "Close shop?" });
  await dialog.getByText("You will not get in to 'shop' yourself").waitFor();
  await dialog.getByText(/^Your own request from 127\.0\.0\.1: Blocked/).waitFor();
  await dialog.getByText("Message also in German (de). Exempt: 1 address").waitFor();
  await look({ browser, site, page, ...walk }, "5-dialog", false);
  await dialog.getByLabel("Reason").fill("Moving the stock");
  await dialog.getByRole("button", { name: "Close shop" }).click();
  await page.getByRole("button", { name: "Open shop" }).waitFor();
  await page.getByText("shop is closed.").waitFor();
  const letIn = page.getByRole("group", { name: "Exemptions for this closure" });
  await letIn
    .getByRole("listitem")
    .filter({ hasText: /10\.0\.0\.0\/8\s*The office/ })
    .waitFor();
  expect(await page.locator(".own-address p").allInnerTexts()).toEqual([
    "Your address is 127.0.0.1. Use it",
    expect.stringContaining("is this machine itself"),
  ]);
  await look({ browser, site, page, ...walk }, "6-closed");
  const english = await visit(browser, site.urlAt("shop.localhost"));
  expect(english.status).toBe(503);
  expect(english.text).toContain(ENGLISH);
  expect((await visit(browser, site.urlAt("shop.localhost"), "de-DE")).text).toContain(GERMAN);
  expect((await visit(browser, site.urlAt("blog.localhost"))).status).toBe(200);
}

async function seeWhoGetsIn(walk: Walk): Promise<void> {
  const { page } = walk;
  await page.getByRole("link", { name: "Exempt: 1 address" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: /10\.0\.0\.0\/8\s*The office · Until shop opens/ })
    .waitFor();
  await page.getByRole("listitem").filter({ hasText: "Set in the configuration" }).first().waitFor();
  await page.getByLabel("Client address (optional)").fill("10.1.2.3");
  await page.getByRole("button", { name: "Test" }).click();
  await page.locator(".explanation").getByText("10.0.0.0/8").waitFor();
  await page.locator(".explanation").getByText("The address is 10.1.2.3, as given.").waitFor();
  await look(walk, "6-who-gets-in");
}

async function makeLink(walk: Walk): Promise<string> {
  const { browser, site, page } = walk;
  await page.getByLabel("shop", { exact: true }).getByRole("link", { name: "Links" }).click();
  await page.getByLabel("Recipient").fill("QA");
  await page.getByLabel("Until it opens").check();
  await page.getByRole("button", { name: "Create link" }).click();
  const shown = page.getByLabel("Link for QA");
  const link = await shown.inputValue();
  const { search } = new URL(link);
  expect(search).toMatch(/^\?maintenance-access=[\w-]{40,}$/);
  expect(await shown.evaluate((field) => field.scrollWidth - field.clientWidth), "the link is cut off").toBe(0);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  await page.getByText(/^Valid until shop opens\./).waitFor();
  await look(walk, "7-link");
  const tester = await (await browser.newContext()).newPage();
  expect((await tester.goto(site.urlAt("shop.localhost", `/${search}`)))?.status()).toBe(200);
  expect(tester.url()).toBe(site.urlAt("shop.localhost"));
  return search;
}

async function open(walk: Walk, link: string): Promise<void> {
  const { browser, site, page } = walk;
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Open shop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Open shop" }).click();
  await page.getByRole("button", { name: "Close shop" }).waitFor();
  await look(walk, "9-open");
  expect((await visit(browser, site.urlAt("shop.localhost"))).status).toBe(200);
  const record = gateInternals(site.gate).snapshot.sites.get("shop")?.record;
  expect(record).toMatchObject({ links: [], exemptions: { addresses: [] }, notice: { message: "", translations: {} } });
  await site.controller.execute({ type: "close", sites: ["shop"] }, { kind: "cli", label: "noor" });
  await site.gate.refresh();
  expect((await visit(browser, site.urlAt("shop.localhost", `/${link}`))).status).toBe(503);
}

async function look({ page, name }: Walk, step: string, fullPage = true): Promise<void> {
  await keepScreenshot(page, `${name}-${step}`, fullPage);
  expect(await findViolations(page), step).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${step} overflows`).toBeLessThan(1);
}
