import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type AdminSite, PASSWORD } from "./admin-site.ts";

export interface OperatorOptions extends BrowserContextOptions {
  /** The operator's name in the application; without it, the operator signs in with the password. */
  readonly name?: string;
  /** The fragment to open, such as `#/sites/shop`. */
  readonly at?: string;
  /** Prepares the tab before the page loads. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Whether the script is delayed or never arrives: the tab then shows the server's own forms. */
  readonly slow?: boolean;
}

const PHONE = { width: 390, height: 844 };

/**
 * Opens the admin's page in a new tab. Adds to `complaints` what no test may cause: errors, violations of the content security policy and
 * requests to another host.
 */
export async function openAdmin(
  browser: Browser,
  { url }: AdminSite,
  complaints: string[],
  { name, at = "", prepare, slow = false, ...options }: OperatorOptions = {},
): Promise<Page> {
  const headers = name === undefined ? {} : { extraHTTPHeaders: { "x-operator": name } };
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: PHONE,
    ...headers,
    ...options,
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(new URL(url).origin))
      complaints.push(request.url());
  });
  await prepare?.(page);
  await page.goto(url + at);
  if (!slow && options.javaScriptEnabled !== false) await page.locator("#app[data-ready]").waitFor();
  return page;
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Password", { exact: true }).last().fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sites" }).waitFor();
}

/** Saves a screenshot as `name`.png in the folder that SCREENSHOTS names, or in a temporary one. */
export async function keepScreenshot(page: Page, name: string, fullPage = true): Promise<void> {
  const folder = process.env.SCREENSHOTS ?? join(tmpdir(), "maintenance-mode-screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
