import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type AdminSite, startAdminSite } from "./admin-site.ts";
import { launchBrowser } from "./page-browser.ts";

export interface AdminTest {
  readonly browser: Browser;
  readonly site: AdminSite;
  /** Problems that no test may cause, collected by `openAdmin`. */
  readonly complaints: string[];
}

/** Gives each test of a suite its own site and admin, in one browser for the suite, and expects no complaints after it. */
export function eachWithAdmin(give: (given: AdminTest) => void): void {
  let browser: Browser;
  let given: AdminTest;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    given = { browser, site: await startAdminSite(), complaints: [] };
    give(given);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await given.site.close();
    expect(given.complaints).toEqual([]);
  });
}
