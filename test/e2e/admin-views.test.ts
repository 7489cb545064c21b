import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { instantOf } from "../../admin-ui/src/model/end-choice.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { chaosStore } from "../../src/testing/doubles/chaos-store.ts";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, startAdminSite } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations, launchBrowser } from "./page-browser.ts";

const BY = { kind: "cli", label: "noor", from: "deploy-1" } as const;
const WIDTHS = [320, 1280];
const HEIGHT = 844;

/** Each view: the name of its screenshot, its fragment, and a function that waits until it is complete. */
const VIEWS: readonly (readonly [name: string, fragment: string, complete: (page: Page) => Promise<unknown>])[] = [
  ["list", "#/", (page) => page.locator(".site-row time").waitFor()],
  ["site", "#/sites/shop", (page) => page.getByRole("button", { name: "Open shop" }).waitFor()],
  ["who-gets-in", "#/sites/shop/exemptions", (page) => page.getByText("The office").waitFor()],
  ["links", "#/sites/shop/links", (page) => page.getByText("Created by noor").waitFor()],
  ["preview", "#/sites/shop/message", seePreview],
  ["settings", "#/sites/shop/answer", (page) => page.getByLabel("Status code").waitFor()],
  [
    "site-history",
    "#/sites/shop/history",
    (page) => page.locator(".history").getByText("Link created").first().waitFor(),
  ],
  ["history", "#/history", (page) => page.locator(".history").getByText("Link created").first().waitFor()],
  ["all-links", "#/links", (page) => page.getByText("Created by noor").waitFor()],
  ["access", "#/tokens", (page) => page.getByText("No tokens yet.").waitFor()],
];

async function seePreview(page: Page): Promise<void> {
  await page.frameLocator("iframe").getByText("We are moving").waitFor();
  // A browser does not paint a frame outside the viewport.
  await page.locator("iframe").scrollIntoViewIfNeeded();
}

describeInBrowser("every view of the admin", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });
  beforeEach(async () => {
    const until = instantOf(Date.now() + 7_200_000);
    const message = "We are moving to a bigger stockroom.";
    const exempt = { addresses: [{ range: "10.0.0.0/8", description: "The office" }] };
    const { controller } = site;
    await controller.execute({ type: "close", sites: ["shop"], until, message, reason: "Moving the stock" }, BY);
    await controller.execute({ type: "close", sites: ["docs"], mode: "read-only" }, BY);
    await controller.execute({ type: "add-exemptions", site: "shop", ...exempt }, BY);
    await controller.links.create({ site: "shop", label: "QA", expires: until, by: BY });
  });

  async function expectWellBuilt(page: Page, name: string): Promise<void> {
    expect(await findViolations(page), name).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${name} overflows`).toBe(0);
  }

  test.each(["light", "dark"] as const)("axe finds no violation, and nothing overflows, %s", async (scheme) => {
    for (const width of WIDTHS) {
      // An emulated colour scheme would apply to the preview's frame too; with `null` the frame's own scheme applies.
      const colorScheme = scheme === "light" ? null : scheme;
      const viewport = { width, height: HEIGHT };
      const page = await openAdmin(browser, site, complaints, { name: "mia", colorScheme, viewport });
      for (const [name, fragment, complete] of VIEWS) {
        await page.evaluate((hash) => Reflect.set(Reflect.get(globalThis, "location"), "hash", hash), fragment);
        await complete(page);
        await keepScreenshot(page, `${name}-${width}-${scheme}`, name !== "preview");
        await expectWellBuilt(page, `${name} at ${width}`);
      }
      await page.evaluate((hash) => Reflect.set(Reflect.get(globalThis, "location"), "hash", hash), "#/");
      await page.getByRole("button", { name: "Close blog" }).click();
      await page.getByText("You will not get in to 'blog'").waitFor();
      await keepScreenshot(page, `dialog-${width}-${scheme}`, false);
      await expectWellBuilt(page, `dialog at ${width}`);
      const signedOut = await openAdmin(browser, site, complaints, { colorScheme, viewport });
      await signedOut.getByRole("button", { name: "Sign in" }).waitFor();
      await keepScreenshot(signedOut, `sign-in-${width}-${scheme}`);
      await expectWellBuilt(signedOut, `sign-in at ${width}`);
    }
  });

  test("the preview shows the draft, in its language and colours, and closes nothing", async () => {
    const at = "#/sites/blog/message";
    const page = await openAdmin(browser, site, complaints, { name: "mia", at, colorScheme: null });
    const preview = page.frameLocator("iframe");
    await page.getByLabel("Message", { exact: true }).fill("Back <b>soon</b>");
    await preview.getByText("Back <b>soon</b>").waitFor();
    await page.getByLabel("Add a language").selectOption("ar");
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByLabel("Message", { exact: true }).fill("سنعود قريبا");
    await preview.getByText("سنعود قريبا").waitFor();
    expect(await preview.locator("html").getAttribute("dir")).toBe("rtl");
    const paper = (): Promise<string> =>
      preview
        .locator("body")
        .evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).backgroundColor ?? "");
    await expect.poll(paper).toBe("rgb(251, 250, 248)");
    await page.getByLabel("Dark").check();
    await expect.poll(paper).toBe("rgb(21, 20, 19)");
    expect((await fetch(site.url)).status).toBe(200);
    expect(gateInternals(site.gate).snapshot.sites.get("blog")?.record.mode).toBe("open");
  });

  test("a site can have a message in a language without built-in texts", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/blog/message" });
    await page.getByLabel("Add a language").selectOption("Other…");
    await page.getByLabel("Language tag").fill("grèek");
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByText("“grèek” is not a language tag. Enter one such as el or pt-BR.").waitFor();
    await page.getByLabel("Language tag").fill("EL");
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByRole("tab", { name: "Greek (el)" }).waitFor();
    await page.getByLabel("Message", { exact: true }).fill("Επιστρέφουμε στις εννέα");
    await page.frameLocator("iframe").getByText("Επιστρέφουμε στις εννέα").waitFor();
    await expectWellBuilt(page, "another language");
    await page.getByRole("button", { name: "Save" }).click();
    const greek = (): unknown => gateInternals(site.gate).snapshot.sites.get("blog")?.record.notice.translations;
    await expect.poll(greek).toMatchObject({ el: { message: "Επιστρέφουμε στις εννέα" } });
  });

  test("a user who may only view sees everything, with each control disabled and the reason", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "viewer", at: "#/sites/shop" });
    await page.getByText("You don’t have permission to open or close shop (Switch).").waitFor();
    expect(await page.getByRole("button", { name: "Open shop" }).isDisabled()).toBe(true);
    await page.getByRole("link", { name: "Exemptions", exact: true }).click();
    await page.getByText("You don’t have permission to change shop (Edit).").waitFor();
    expect(await page.getByRole("button", { name: "Remove 10.0.0.0/8" }).isDisabled()).toBe(true);
    expect(await page.getByRole("link", { name: "Access" }).count()).toBe(0);
    await expectWellBuilt(page, "viewer");
  });

  test("a new token gives its rights to its holder, until it is revoked", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/tokens" });
    await page.getByLabel("Name", { exact: true }).fill("deploy");
    await page.getByLabel("Switch: open and close sites").check();
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByLabel("Token deploy").inputValue();
    await page.getByText("deploy: View, Switch").waitFor();
    await keepScreenshot(page, "token-made");
    await expectWellBuilt(page, "token made");

    const holder = await openAdmin(browser, site, complaints);
    await holder.getByRole("button", { name: "Use a token" }).click();
    await holder.getByLabel("Token", { exact: true }).fill(token);
    await holder.getByRole("button", { name: "Sign in" }).click();
    await holder.getByRole("button", { name: "Close blog" }).click();
    await holder.getByRole("dialog").getByRole("button", { name: "Close blog" }).click();
    await holder.getByRole("button", { name: "Open blog" }).waitFor();
    expect((await site.controller.history({ limit: 1 }))[0]?.by.label).toContain("deploy");

    await page.getByRole("button", { name: "Revoke deploy" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Token deploy revoked.").waitFor();
    // The page follows without a click.
    await holder.getByText("Your session has ended").waitFor();
  });

  test("a wrong password is refused beside its field", async () => {
    const page = await openAdmin(browser, site, complaints);
    await page.getByLabel("Password", { exact: true }).last().fill("not this one at all");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect
      .poll(() => page.getByLabel("Password", { exact: true }).last().getAttribute("aria-invalid"))
      .toBe("true");
    await keepScreenshot(page, "sign-in-refused");
    await expectWellBuilt(page, "sign-in refused");
  });
});

describeInBrowser("the admin shows at once", () => {
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

  test("that an override disables its switches", async () => {
    site = await startAdminSite({ options: { override: "on" } });
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await page.getByRole("heading", { name: "An override is set. Opening and closing sites has no effect." }).waitFor();
    await expect.poll(() => page.locator(".big-switch button").isDisabled()).toBe(true);
    await keepScreenshot(page, "override");
    expect(await findViolations(page)).toEqual([]);
  });

  test("that the store does not answer, and when it answers again", async () => {
    const store = chaosStore(memoryStore());
    site = await startAdminSite({ options: { store } });
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("link", { name: "shop", exact: true }).waitFor();
    store.inject("fail", "load", "changesSince");
    await site.gate.refresh();
    const heading = page.getByRole("heading", { name: "The store is not responding. Changes may fail." });
    await heading.waitFor();
    await keepScreenshot(page, "stale");
    expect(await findViolations(page)).toEqual([]);
    store.recover();
    await site.gate.refresh();
    await heading.waitFor({ state: "detached" });
  });

  test("what to set if no access is configured", async () => {
    site = await startAdminSite({ admin: { password: undefined, authorize: undefined, tokens: false } });
    const page = await openAdmin(browser, site, complaints);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByText(/password/).waitFor();
    expect(await page.getByRole("button").count()).toBe(0);
    await keepScreenshot(page, "no-way-in");
  });

  test("which of many sites match, in pages", async () => {
    const sites = Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [`site-${at + 100}`, { hosts: [`s${at}.example`] }]),
    );
    site = await startAdminSite({ options: { sites } });
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByText("130 sites, all open").waitFor();
    await page.getByText("Showing 50 of 131").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => page.locator(".site-row").count()).toBe(100);
    await page.getByLabel("Search").fill("s77.example");
    await page.getByText("1 site found, all open").waitFor();
    expect(await page.locator(".site-name").allInnerTexts()).toEqual(["site-177"]);
  });

  test("further sites during a reload of the list", async () => {
    const sites = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`site-${at + 100}`, {}]));
    site = await startAdminSite({ options: { sites } });
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByText("Showing 50 of 131").waitFor();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reloaded = page.waitForRequest("**/api/v1/sites?*");
    await page.route("**/api/v1/sites?*", async (route) => {
      if (!route.request().url().includes("after=")) await held;
      await route.continue();
    });
    await site.controller.execute({ type: "close", sites: ["site-100"] }, BY);
    await reloaded;
    await page.getByRole("button", { name: "Show more" }).click();
    release();
    await page.getByText("Showing 100 of 131").waitFor();
    await page.getByText("130 sites, 1 not open").waitFor();
    await page.locator(".site-row", { hasText: "site-100" }).getByText("Closed").waitFor();
  });

  test("a change of its own, and reads the list once for it", async () => {
    site = await startAdminSite();
    const readings: string[] = [];
    const page = await openAdmin(browser, site, complaints, {
      name: "mia",
      prepare: async (tab) =>
        tab.on("request", (request) => {
          const [, path] = /api\/v1\/(sites[^?]*)/.exec(request.url()) ?? [];
          if (path !== undefined) readings.push(path);
        }),
    });
    // A new page reads the list once more when its event stream has started.
    await expect.poll(() => readings.slice(-2)).toEqual(["sites/*", "sites"]);
    const before = readings.length;
    const [shop, blog] = ["shop", "blog"].map((name) => page.locator(".site-row", { hasText: name }));
    await shop?.getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close shop" }).click();
    await shop?.getByText("Closed").waitFor();
    await expect.poll(() => readings.slice(before)).toEqual(["sites"]);
    await site.controller.execute({ type: "close", sites: ["*"] }, BY);
    await blog?.getByText("Closed").waitFor();
    expect(readings.slice(before + 1)).toEqual(["sites/*", "sites"]);
  });

  test("a change, even if the first read of it failed", async () => {
    site = await startAdminSite();
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    const row = page.locator(".site-row", { hasText: "shop" });
    await row.getByText("Open", { exact: true }).waitFor();
    let failures = 0;
    await page.route("**/api/v1/sites?*", async (route) => {
      failures += 1;
      if (failures === 1)
        await route.fulfill({ status: 500, json: { status: 500, code: "ERR_INTERNAL", title: "", hint: "" } });
      else await route.continue();
    });
    await site.controller.execute({ type: "close", sites: ["shop"] }, BY);
    await row.getByText("Closed").waitFor();
    expect(failures).toBeGreaterThan(1);
  });

  test("a change, even if more sites were requested between two reloads", async () => {
    const sites = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`site-${at + 100}`, {}]));
    site = await startAdminSite({ options: { sites } });
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByText("Showing 50 of 131").waitFor();
    const first = holdRequests("limit=50");
    const second = holdRequests("limit=100");
    const more = holdRequests("after=");
    await page.route("**/api/v1/sites?*", async (route) => {
      const url = route.request().url();
      await (url.includes("after=") ? more : url.includes("limit=100") ? second : first).held;
      await route.continue();
    });
    await site.controller.execute({ type: "close", sites: ["site-101"] }, BY);
    await first.asked;
    await page.getByRole("button", { name: "Show more" }).click();
    await site.controller.execute({ type: "close", sites: ["site-100"] }, BY);
    await second.asked;
    first.release();
    await first.answered();
    second.release();
    const row = page.locator(".site-row", { hasText: "site-100" });
    await row.getByText("Closed").waitFor();
    more.release();
    await more.answered();
    await page.getByText("Showing 100 of 131").waitFor();
    await row.getByText("Closed").waitFor();

    /** Holds the list requests whose URL includes `part`. Only `after=` selects requests for later pages. */
    function holdRequests(part: string) {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const responses: Promise<unknown>[] = [];
      const asked = new Promise<void>((resolve) => {
        page.on("request", (request) => {
          const url = request.url();
          if (!url.includes("/sites?") || !url.includes(part) || url.includes("after=") !== (part === "after=")) return;
          responses.push(request.response());
          resolve();
        });
      });
      return { asked, held, release, answered: () => Promise.all(responses) };
    }
  });
});
