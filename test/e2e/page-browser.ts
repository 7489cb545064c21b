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

/** What axe finds against WCAG 2.2 AA and its own best practices. The page must have been given `axe.source` as an init script. */
export async function findViolations(page: Page): Promise<string[]> {
  const results: axe.AxeResults = await page.evaluate("axe.run()");
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

export const AXE_SOURCE: string = axe.source;
