import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { requireService, type Suite } from "../support/require-service.ts";

const CHROMIUM = "/usr/bin/chromium";

/** The `describe` of tests that need a browser. */
export const describeInBrowser: Suite = requireService("chromium", "apt-get install chromium", existsSync(CHROMIUM));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Returns the violations that axe finds against WCAG 2.2 AA and its own best practices. The page must have been given `axe.source` as an init script. */
export async function findViolations(page: Page): Promise<string[]> {
  // Only now, and once in a document: as an init script it doubles the time that each page takes to load.
  for (const frame of page.frames()) {
    if ((await frame.evaluate("typeof axe")) === "undefined") await frame.evaluate(axe.source);
  }
  const results: axe.AxeResults = await page.evaluate('axe.run({ resultTypes: ["violations"] })');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
