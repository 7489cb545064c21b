import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { PageContext } from "../../src/engine/page/context.ts";
import { directionOf, textsFor } from "../../src/engine/page/languages.ts";
import { MODES } from "../../src/state/mode.ts";
import { pageContextOf } from "../unit/engine/page/page-context-of.ts";
import { keepScreenshot } from "./admin-operator.ts";
import { describeInBrowser, findViolations, launchBrowser } from "./page-browser.ts";
import { type PageSite, startPageSite } from "./page-site.ts";

const UNTIL = Date.parse("2026-05-14T20:00:00Z");
const LANGUAGES = ["en", "de", "ar", "ja"];
// The page schedules each poll with `setTimeout`, so their number shows that it has processed an answer.
const COUNT_PLANS = `
  globalThis.plans = 0;
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (...args) => (plans += 1, setTimeout(...args));`;
const LOGO = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>')}`;
const WORDS = `${"Donaudampfschifffahrtsgesellschaft".repeat(3)}\n\nSecond paragraph.`;

describeInBrowser("the page in a browser", () => {
  let browser: Browser;
  let site: PageSite;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    site = await startPageSite();
    complaints = [];
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await site.close();
    expect(complaints).toEqual([]);
  });

  /** Opens a tab at 19:00 UTC, an hour before `UNTIL`, whose clock only advances when a test advances it. */
  async function openTab(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    if (options.javaScriptEnabled !== false) {
      await page.clock.install({ time: UNTIL - 7_200_000 });
      await page.clock.pauseAt(UNTIL - 3_600_000 + 1_000);
      await page.addInitScript({ content: COUNT_PLANS });
    }
    return page;
  }

  async function visitClosed(changes: Partial<PageContext> = {}, options: BrowserContextOptions = {}): Promise<Page> {
    site.closure = pageContextOf({ direction: directionOf(changes.language ?? "en"), ...changes });
    const page = await openTab(options);
    await page.goto(site.url);
    return page;
  }

  /** Advances the clock by one poll of the page, and waits until the page has scheduled the next. */
  async function passOnePoll(page: Page, milliseconds = 61_000): Promise<void> {
    const plans: number = await page.evaluate("plans");
    await page.clock.fastForward(milliseconds);
    await page.waitForFunction((before) => Reflect.get(globalThis, "plans") > before, plans);
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test.each(LANGUAGES)(`axe finds no violation, ${colorScheme}, at 320 pixels, in %s`, async (language) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 } });
      const page = await context.newPage();
      for (const mode of MODES) {
        if (mode === "open") continue;
        for (const until of [UNTIL, null]) {
          const url = until === null ? null : "https://status.example/";
          const owner = { name: "Example Shop", logo: LOGO, contact: "help@shop.example", updated: UNTIL };
          site.closure = pageContextOf({
            mode,
            language,
            direction: directionOf(language),
            until,
            moreUrl: url,
            ...owner,
          });
          await page.goto(`${site.url}order`);
          expect(await findViolations(page), `${mode} ${until}`).toEqual([]);
        }
      }
    });
  }

  test.each([
    ["at 320 pixels", { viewport: { width: 320, height: 640 } }],
    ["at 1280 pixels and 200 % zoom", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ])("the page needs no horizontal scrolling %s", async (_case, options) => {
    for (const language of LANGUAGES) {
      const page = await visitClosed({ language, until: UNTIL, title: WORDS, message: WORDS }, options);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow, language).toBe(0);
    }
  });

  test("a page with a name, a message, an end and a contact fits into a small window", async () => {
    const page = await visitClosed(
      {
        name: "Example Shop",
        message: "We are moving to a faster database.",
        until: UNTIL,
        contact: "help@shop.example",
      },
      { viewport: { width: 800, height: 740 } },
    );
    await page.getByText("22:00").waitFor();
    expect(await page.evaluate("document.documentElement.scrollHeight - innerHeight")).toBe(0);
    await keepScreenshot(page, "page", false);
  });

  test("the page sends no request, until it checks whether the site has opened", async () => {
    const page = await visitClosed({ until: UNTIL, moreUrl: "https://status.example/" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
    await passOnePoll(page);
    expect(asked).toEqual([`HEAD ${site.url}`]);
    expect(site.requests).toEqual(["GET /", "HEAD /"]);
  });

  test("the end is in the reader's own time zone and format, with the time left", async () => {
    const page = await visitClosed({ until: UNTIL });
    expect(await page.locator("time").innerText()).toBe(
      "22:00 Thursday 14 May\nCentral European Summer Time".replace(" T", "\nT"),
    );
    expect(await page.locator("#left").innerText()).toBe("1 hr");
    await page.clock.fastForward(600_000);
    expect(await page.locator("#left").innerText()).toBe("50 mins");
    await page.clock.fastForward(2_820_000);
    expect(await page.locator("#left").innerText()).toBe("2 mins 59 secs");
    await page.clock.fastForward(179_000);
    expect(await page.locator("#left").innerText()).toBe(textsFor("en").soon);
  });

  test("screen readers do not announce the countdown", async () => {
    const page = await visitClosed({ until: UNTIL });
    expect(await page.locator("[aria-live], [role=status], [role=alert], [role=timer], output").count()).toBe(0);
  });

  test("without script the page is readable, shows the time in UTC and returns by a refresh", async () => {
    const page = await visitClosed({ until: UNTIL, language: "de" }, { javaScriptEnabled: false });
    expect(await page.locator("h1").innerText()).toBe(textsFor("de").closed.title);
    expect(await page.locator("time").innerText()).toBe("20:00\nDonnerstag, 14. Mai\nUTC");
    expect(await page.locator("#countdown").isVisible()).toBe(false);
    expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(1);
  });

  test("the page stays while the site is closed, and checks less and less often", async () => {
    const page = await visitClosed();
    for (let poll = 0; poll < 6; poll += 1) await passOnePoll(page, 240_000);
    await page.clock.fastForward(100_000);
    expect(site.requests).toEqual(["GET /", ...Array<string>(6).fill("HEAD /")]);
  });

  test.each([
    ["200", { status: 200, headers: {} }],
    ["an error of the application", { status: 500, headers: {} }],
    ["marked as let through", { status: 200, headers: { maintenance: "bypass;rule=address" } }],
  ])("the page returns if the answer is %s", async (_case, opened) => {
    const page = await visitClosed();
    site.closure = null;
    site.opened = opened;
    await page.clock.fastForward(61_000);
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(site.requests).toEqual(["GET /", "HEAD /", "GET /"]);
  });

  test("the page returns if the answer redirects to another origin", async () => {
    const elsewhere = await startPageSite();
    const page = await visitClosed();
    site.closure = null;
    site.opened = { status: 302, headers: { location: elsewhere.url } };
    await page.clock.fastForward(61_000);
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(page.url()).toBe(elsewhere.url);
    await elsewhere.close();
  });

  test("the page does not return for a 502 of a gateway", async () => {
    const page = await visitClosed();
    site.closure = null;
    site.opened = { status: 502, headers: {} };
    await passOnePoll(page);
    expect(await page.locator("main[data-mode]").count()).toBe(1);
    expect(site.requests).toEqual(["GET /", "HEAD /"]);
  });

  test("the page shows what the operator has changed meanwhile", async () => {
    const page = await visitClosed({ message: "Back at nine" });
    site.closure = pageContextOf({ message: "Back at ten", version: 8 });
    await page.clock.fastForward(61_000);
    await page.getByText("Back at ten").waitFor();
  });

  test("the page checks soon after the known end, even if it had slowed down", async () => {
    const page = await visitClosed({ until: UNTIL });
    for (let poll = 0; poll < 6; poll += 1) await passOnePoll(page, 240_000);
    await passOnePoll(page, 2_158_000);
    expect(await page.locator("#left").innerText()).toBe("1 sec");
    site.closure = null;
    await page.clock.fastForward(21_000);
    await page.getByRole("heading", { name: "Open" }).waitFor();
  });

  test("the page does not check in a hidden tab, and checks when it is visible again", async () => {
    const page = await visitClosed();
    const show = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await show(true);
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["GET /"]);
    site.closure = null;
    await show(false);
    await page.getByRole("heading", { name: "Open" }).waitFor();
  });

  /** Fills in the form while the site is open, and submits it while the site is closed. */
  async function sendWhileClosed(
    options: BrowserContextOptions = {},
    changes: Partial<PageContext> = {},
  ): Promise<Page> {
    const page = await openTab(options);
    await page.goto(site.url);
    await page.locator("input").fill("Ada");
    site.closure = pageContextOf(changes);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText(textsFor("en").notTaken).waitFor();
    return page;
  }

  test("the input of a form sent during a closure is kept, and submitted once when the site is open", async () => {
    const page = await sendWhileClosed();
    site.closure = null;
    await page.getByRole("button", { name: textsFor("en").goBack }).click();
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(await page.locator("input").inputValue()).toBe("Ada");
    const before = site.requests.length;
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForURL(`${site.url}order`);
    expect(site.requests.slice(before)).toEqual(["POST /order"]);
  });

  test("the input of a form is kept without script, by going back as the page says", async () => {
    const page = await sendWhileClosed({ javaScriptEnabled: false });
    expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(0);
    expect(await page.getByRole("button").count()).toBe(0);
    await page.goBack();
    expect(await page.locator("input").inputValue()).toBe("Ada");
  });

  test("a page that answered a POST says that the site is open, and stays", async () => {
    const page = await sendWhileClosed({}, { until: UNTIL });
    await passOnePoll(page);
    expect(await page.locator("#open").innerText()).toBe("");
    site.closure = null;
    await page.clock.fastForward(3_600_000);
    await page.getByRole("status").getByText(textsFor("en").open).waitFor();
    expect(await page.locator(".end").isVisible()).toBe(false);
    await page.clock.fastForward(3_600_000);
    expect(site.requests).toEqual(["GET /", "POST /order", "HEAD /order", "HEAD /order"]);
  });

  test("a reload of that page sends the form again, and the open site accepts it", async () => {
    const page = await sendWhileClosed();
    await page.reload();
    await page.getByText(textsFor("en").notTaken).waitFor();
    site.closure = null;
    await page.reload();
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(site.requests).toEqual(["GET /", "POST /order", "POST /order", "POST /order"]);
  });

  test("the page also stays in a frame, and the form around it keeps its input", async () => {
    const page = await openTab();
    await page.goto(site.url);
    await page.locator("input").fill("Ada");
    await page.evaluate("document.querySelector('form').target = 'frame'");
    site.closure = pageContextOf();
    await page.getByRole("button", { name: "Send" }).click();
    await page.frameLocator("iframe").getByText(textsFor("en").notTaken).waitFor();
    site.closure = null;
    await page.clock.fastForward(61_000);
    await page.frameLocator("iframe").getByText(textsFor("en").open).waitFor();
    expect(await page.locator("input").inputValue()).toBe("Ada");
    expect(site.requests).toEqual(["GET /", "POST /order", "HEAD /order"]);
  });

  test("a page from the back/forward cache checks at once", async () => {
    const page = await visitClosed();
    site.closure = null;
    await page.evaluate('dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))');
    await page.getByRole("heading", { name: "Open" }).waitFor();
  });

  test("German times have two digits for the hour, American times do not", async () => {
    const until = Date.parse("2026-05-14T23:13:00Z");
    const german = await visitClosed({ until, language: "de" }, { locale: "de-DE" });
    expect(await german.locator("#hour").innerText()).toBe("01:13");
    const american = await visitClosed({ until }, { locale: "en-US" });
    expect(await american.locator("#hour").innerText()).toMatch(/^1:13\sAM$/);
  });

  test("the owner is the host if no name is configured, and the last change is in the reader's time zone", async () => {
    const page = await visitClosed({ updated: UNTIL });
    expect(await page.locator("#host").innerText()).toBe("127.0.0.1");
    expect(await page.locator(".facts time").innerText()).toBe("14 May 2026, 22:00");
    const named = await visitClosed({ name: "Example Shop" });
    expect(await named.getByText("127.0.0.1").count()).toBe(0);
  });

  test("a configured logo is shown under the page's own policy", async () => {
    const page = await visitClosed({ logo: LOGO, name: "Example Shop" });
    await page.getByRole("img", { name: "Example Shop" }).waitFor();
    expect(await page.evaluate("document.querySelector('img').naturalWidth")).toBe(40);
  });

  test("the end is on the first screen of a phone, however long the message is", async () => {
    const message = "We move the whole shop to another place. ".repeat(100);
    const page = await visitClosed({ until: UNTIL, message }, { viewport: { width: 320, height: 640 } });
    const box = await page.locator("#hour").boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThan(640);
  });

  test("a printed page has no controls and no countdown, and the link in full", async () => {
    const page = await visitClosed({ until: UNTIL, moreUrl: "https://status.example/" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const hidden of [textsFor("en").returns, textsFor("en").tryAgain, textsFor("en").timeLeft]) {
      expect(await page.getByText(hidden).isVisible()).toBe(false);
    }
    expect(await page.locator("#hour").isVisible()).toBe(true);
    const [after, paper] = await page.evaluate<string[]>(
      "[getComputedStyle(document.querySelector('.more'), '::after').content, getComputedStyle(document.body).backgroundColor]",
    );
    expect(after).toContain("https://status.example/");
    expect(paper).toBe("rgb(255, 255, 255)");
  });

  test("the fragment of the URL is kept", async () => {
    const page = await visitClosed();
    await page.goto(`${site.url}#/basket`);
    await page.reload();
    site.closure = null;
    await page.clock.fastForward(61_000);
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(page.url()).toBe(`${site.url}#/basket`);
  });

  test("the page of a read-only site stays, and links back to the input", async () => {
    const page = await openTab();
    site.closure = pageContextOf({ mode: "read-only" });
    await page.goto(site.url);
    await page.locator("input").fill("Ada");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText(textsFor("en").notTaken).waitFor();
    await page.clock.fastForward(600_000);
    expect(site.requests).toEqual(["GET /", "POST /order"]);
    await page.getByRole("button", { name: textsFor("en").goBack }).click();
    await page.getByRole("heading", { name: "Open" }).waitFor();
    expect(await page.locator("input").inputValue()).toBe("Ada");
  });
});
