import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ClientSite, startClientSite } from "./client-site.ts";
import { describeInBrowser, findViolations, launchBrowser } from "./page-browser.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const UNTIL = "2026-11-21T13:00:00Z";
const NOTICE = "maintenance-notice";
/** `nextAnswer()` resolves when the next `fetch` has settled and the notice has processed the result. */
const NEXT_ANSWER = `{
  const { fetch } = globalThis;
  const waiting = [];
  globalThis.fetch = (...given) => fetch(...given).finally(() => { for (const resolve of waiting.splice(0)) resolve(); });
  globalThis.nextAnswer = () => new Promise((resolve) => { waiting.push(resolve); });
}`;

describeInBrowser("the notice in a browser, under a strict policy", () => {
  let browser: Browser;
  let site: ClientSite;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await site.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  /** Opens a tab whose clock only advances when a test advances it. */
  async function openApp(notice?: string, lang?: string): Promise<Page> {
    site = await startClientSite(notice, lang);
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin" });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    await page.clock.install({ time: NOW - 3_600_000 });
    await page.clock.pauseAt(NOW);
    await page.addInitScript({ content: NEXT_ANSWER });
    return page;
  }

  async function visitOpen(notice?: string, lang?: string): Promise<Page> {
    const page = await openApp(notice, lang);
    await page.goto(site.url);
    site.requests.length = 0;
    return page;
  }

  /** Calls the application's API, and returns the status. If the site is closed, the page shows the notice. */
  const callApi = (page: Page, method = "GET"): Promise<number> => page.evaluate(`callApi("${method}")`);
  const ends = (page: Page): Promise<number> => page.evaluate("globalThis.ends");
  const textOf = (page: Page, part: string): Promise<string> => page.locator(`${NOTICE} [part=${part}]`).innerText();
  const isShown = async (page: Page): Promise<boolean> => (await page.locator(`${NOTICE}[mode]`).count()) === 1;

  /** Advances the clock by one poll of the notice, and waits until the notice has processed the answer. */
  async function passOnePoll(page: Page): Promise<void> {
    await page.evaluate("void (globalThis.answered = nextAnswer())");
    // The notice schedules its next poll within a second of an answer.
    await page.clock.fastForward(1_000);
    await page.clock.fastForward(61_000);
    await page.evaluate("answered");
  }

  /** Resumes the clock, because axe needs it, and returns the violations. */
  async function violations(page: Page): Promise<readonly string[]> {
    await page.clock.resume();
    return findViolations(page);
  }

  test("sends no request and takes no space while the site is open", async () => {
    const page = await visitOpen();
    expect(await callApi(page)).toBe(200);
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["GET /api"]);
    expect((await page.locator(NOTICE).boundingBox())?.height ?? 0).toBe(0);
    expect(await page.getByRole("status").innerText()).toBe("");
  });

  test("shows the mode, the end and the message when a request of the application gets a 503", async () => {
    const page = await visitOpen(`<maintenance-notice message="Your basket is safe."></maintenance-notice>`);
    await site.shut({ until: UNTIL });
    expect(await callApi(page)).toBe(503);
    expect(await textOf(page, "mode")).toBe("Maintenance: closed");
    expect(await page.getByRole("status").innerText()).toContain("Your basket is safe.");
    expect(await textOf(page, "time")).toBe("in 60 minutes · 21 Nov 2026, 14:00");
    expect(await page.getByRole("timer").innerText()).toBe(await textOf(page, "time"));
    await page.clock.fastForward(20 * 60_000);
    expect(await textOf(page, "time")).toBe("in 40 minutes · 21 Nov 2026, 14:00");
    expect(await violations(page)).toEqual([]);
  });

  test("stays while the site is closed, and hides and dispatches the event when it opens", async () => {
    const page = await visitOpen();
    await site.shut();
    await callApi(page, "POST");
    await passOnePoll(page);
    await passOnePoll(page);
    expect([await isShown(page), await ends(page)]).toEqual([true, 0]);
    await site.reopen();
    await passOnePoll(page);
    expect([await isShown(page), await ends(page)]).toEqual([false, 1]);
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["POST /api", "HEAD /", "HEAD /", "HEAD /"]);
    expect(await page.getByRole("status").innerText()).toBe("");
    expect(await violations(page)).toEqual([]);
  });

  test("with src, checks once at the beginning, and shows the result", async () => {
    const page = await openApp(`<maintenance-notice src="/health"></maintenance-notice>`);
    await site.shut();
    await page.goto(site.url);
    await page.locator(`${NOTICE}[mode=closed]`).waitFor();
    expect(site.requests.filter((request) => request.startsWith("HEAD"))).toEqual(["HEAD /health"]);
  });

  test("with reload, reloads the page at the end", async () => {
    const page = await visitOpen("<maintenance-notice reload></maintenance-notice>");
    await site.shut();
    await callApi(page);
    await site.reopen();
    const loaded = page.waitForEvent("load");
    await page.clock.fastForward(61_000);
    await loaded;
    expect(site.requests.filter((request) => request === "GET /app")).toHaveLength(1);
  });

  test("does not take a 502 of a gateway, a redirect or a failed request for the end", async () => {
    const page = await visitOpen();
    await site.shut({ redirect: "/app" });
    await callApi(page, "POST");
    await passOnePoll(page);
    site.failure = 502;
    await passOnePoll(page);
    await page.context().setOffline(true);
    await passOnePoll(page);
    expect([await isShown(page), await ends(page)]).toEqual([true, 0]);
    await page.context().setOffline(false);
    site.failure = 500;
    await passOnePoll(page);
    expect([await isShown(page), await ends(page)]).toEqual([false, 1]);
  });

  test("does not check in a hidden tab, and checks soon after it is visible again", async () => {
    const page = await visitOpen();
    await site.shut();
    await callApi(page);
    const setHidden = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true })`);
    await setHidden(true);
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["GET /api"]);
    await site.reopen();
    await setHidden(false);
    await passOnePoll(page);
    expect([await isShown(page), await ends(page)]).toEqual([false, 1]);
  });

  test("does not check a read-only site: the notice ends at the known end, and reloads nothing", async () => {
    const page = await visitOpen("<maintenance-notice reload></maintenance-notice>");
    await site.shut({ mode: "read-only", until: UNTIL });
    expect(await callApi(page)).toBe(200);
    expect(await callApi(page, "POST")).toBe(503);
    expect(await textOf(page, "mode")).toBe("Maintenance: read-only");
    await page.clock.fastForward(3_599_000);
    expect([await isShown(page), await ends(page)]).toEqual([true, 0]);
    await page.clock.fastForward(1_000);
    expect([await isShown(page), await ends(page)]).toEqual([false, 1]);
    expect(site.requests).toEqual(["GET /api", "POST /api"]);
  });

  test("hides with hide(), stops when it is removed, and continues when it is inserted again", async () => {
    const page = await visitOpen();
    await site.shut();
    await callApi(page);
    await page.evaluate("document.querySelector('maintenance-notice').hide()");
    await page.clock.fastForward(3_600_000);
    expect([await isShown(page), await ends(page)]).toEqual([false, 0]);
    await callApi(page);
    await page.evaluate("globalThis.notice = document.querySelector('maintenance-notice'); notice.remove()");
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["GET /api", "GET /api"]);
    await page.evaluate("document.body.append(notice)");
    await passOnePoll(page);
    expect(await isShown(page)).toBe(true);
  });

  test("shows the page's own words, message and end, in the document's language", async () => {
    const notice = `<maintenance-notice closed="Wartung" until="${UNTIL}"><a slot="message" href="/status">Mehr dazu</a></maintenance-notice>`;
    const page = await visitOpen(notice, "de");
    expect(await page.getByText("Mehr dazu").isVisible()).toBe(false);
    await site.shut();
    await callApi(page);
    expect(await textOf(page, "mode")).toBe("Wartung");
    expect(await page.getByRole("link", { name: "Mehr dazu" }).isVisible()).toBe(true);
    expect(await textOf(page, "time")).toBe("in 60 Minuten · 21.11.2026, 14:00");
    expect(await violations(page)).toEqual([]);
  });
});
