import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";
import { requireService, type Suite } from "../support/require-service.ts";

const CHROMIUM = "/usr/bin/chromium";

/** The `describe` for tests that need a browser. */
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

/** Returns the violations that axe finds against WCAG 2.2 AA and its own best practices. */
export async function findViolations(page: Page): Promise<string[]> {
  // Meanwhile, a frame such as the preview may be replaced or load a new document, which then needs axe too.
  while (!(await Promise.all(page.frames().map(hasAxe))).every(Boolean));
  const results: axe.AxeResults = await page.evaluate('axe.run({ resultTypes: ["violations"] })');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/**
 * Injects axe into a frame, and returns whether it was already there. An init script would double the time that each page takes to load.
 */
async function hasAxe(frame: Frame): Promise<boolean> {
  try {
    if ((await frame.evaluate("typeof axe")) !== "undefined") return true;
    await frame.evaluate(axe.source);
  } catch (error) {
    if (frame.parentFrame() === null) throw error;
  }
  return false;
}
