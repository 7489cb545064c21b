import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type AdminSite, startAdminSite } from "./admin-site.ts";
import { launchBrowser } from "./page-browser.ts";

export interface AdminTest {
  readonly browser: Browser;
  readonly site: AdminSite;
  /** Values that no test may see, as `openAdmin` finds it. */
  readonly complaints: string[];
}

/** Gives each test of a suite a site with its admin, in the suite's browser, and looks at the complaints after it. */
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
