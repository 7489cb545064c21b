import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { openAdmin, signIn } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser } from "./page-browser.ts";

const BY = { kind: "cli", label: "noor" } as const;

describeInBrowser("unsent input of an operator is kept", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  async function choose(page: Page): Promise<void> {
    await page.getByLabel("2 hours").check();
    await page.getByLabel("Read-only").check();
    await page.getByLabel("Message for visitors").fill("We are moving");
    await page.getByLabel("Add a language").selectOption("de");
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByLabel("Message in German (de)").fill("Wir ziehen um");
    await page.getByLabel("Address, range or path").fill("/help/*");
    await page.getByRole("button", { name: "Add exemption" }).click();
    await page.getByRole("listitem").filter({ hasText: "/help/*" }).waitFor();
    await page.getByLabel("Address, range or path").fill("10.0.0");
  }

  async function expectKept(page: Page): Promise<void> {
    expect(await page.getByLabel("2 hours").isChecked()).toBe(true);
    expect(await page.getByLabel("Read-only").isChecked()).toBe(true);
    expect(await page.getByLabel("Message for visitors").inputValue()).toBe("We are moving");
    expect(await page.getByLabel("Message in German (de)").inputValue()).toBe("Wir ziehen um");
    expect(await page.getByRole("listitem").filter({ hasText: "/help/*" }).count()).toBe(1);
    expect(await page.getByLabel("Address, range or path").inputValue()).toBe("10.0.0");
  }

  test("during a visit to every other part of the site, and to the list", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await choose(page);
    for (const part of ["Exemptions", "Links", "Message", "Settings", "History", "Overview"]) {
      await page.getByLabel("shop", { exact: true }).getByRole("link", { name: part }).click();
      await page.getByRole("heading", { name: part, exact: true }).first().waitFor();
    }
    await expectKept(page);
    await page.getByRole("link", { name: "Edit the permanent message" }).click();
    await page.goBack();
    await page.getByRole("link", { name: "Sites" }).first().click();
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await expectKept(page);
  });

  test("in a dialog that Back closes, on the phone's own page after it", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia" });
    await page.getByRole("button", { name: "Close shop" }).click();
    await choose(page);
    await page.getByLabel("Reason").fill("Stock");
    await page.goBack();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Sites" }).waitFor();
    await page.getByRole("button", { name: "Close shop" }).click();
    await expectKept(page);
    expect(await page.getByLabel("Reason").inputValue()).toBe("Stock");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await expectKept(page);
    // Cancel and Back have both removed their entry from the browser's history.
    await page.goBack();
    await page.getByRole("heading", { name: "Sites" }).waitFor();
  });

  test("while another operator closes and opens the site, and nothing is preselected for the next closure", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop" });
    await choose(page);
    await site.controller.execute({ type: "close", sites: ["shop"], message: "Theirs" }, BY);
    await site.gate.refresh();
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    await expectKept(page);
    await site.controller.execute({ type: "open", sites: ["shop"] }, BY);
    await site.gate.refresh();
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    await expectKept(page);
    await page.getByLabel("Address, range or path").fill("");
    await page.getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close shop" }).click();
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    expect(site.gate.mode("shop")).toBe("read-only");
    expect(gateInternals(site.gate).snapshot.sites.get("shop")?.record).toMatchObject({
      notice: { message: "We are moving", translations: { de: { message: "Wir ziehen um" } } },
      exemptions: { paths: [{ pattern: "/help/*" }] },
    });
    await page.getByRole("button", { name: "Open shop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Open shop" }).click();
    await page.getByRole("button", { name: "Close shop" }).waitFor();
    expect(await page.getByLabel("No end").isChecked()).toBe(true);
    expect(await page.getByLabel("Message for visitors").inputValue()).toBe("");
  });

  test("in every other form, during a visit to another view", async () => {
    const page = await openAdmin(browser, site, complaints, { name: "mia", at: "#/sites/shop/links" });
    await page.getByLabel("Recipient").fill("QA");
    await page.getByLabel("7 days").check();
    await page.goto(`${site.url}#/tokens`);
    await page.getByLabel("Name", { exact: true }).fill("deploy");
    await page.getByLabel("Switch: open and close sites").check();
    await page.goto(`${site.url}#/sites/shop/exemptions`);
    await page.getByLabel("Client address (optional)").fill("10.1.2.3");
    await page.getByLabel("Path", { exact: true }).first().fill("/imprint");
    await page.goto(`${site.url}#/`);
    await page.getByRole("button", { name: "Add a site" }).click();
    await page.getByLabel("Name", { exact: true }).fill("wiki");
    await page.goto(`${site.url}#/sites/shop/links`);
    await expect.poll(() => page.getByLabel("Recipient").inputValue()).toBe("QA");
    expect(await page.getByLabel("7 days").isChecked()).toBe(true);
    await page.goto(`${site.url}#/tokens`);
    await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("deploy");
    expect(await page.getByLabel("Switch: open and close sites").isChecked()).toBe(true);
    await page.goto(`${site.url}#/sites/shop/exemptions`);
    await expect.poll(() => page.getByLabel("Client address (optional)").inputValue()).toBe("10.1.2.3");
    expect(await page.getByLabel("Path", { exact: true }).first().inputValue()).toBe("/imprint");
    await page.goto(`${site.url}#/`);
    await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("wiki");
  });

  test("when the session ends at a save, which continues after the next sign-in, without terms of the API", async () => {
    const page = await openAdmin(browser, site, complaints);
    await signIn(page);
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByLabel("shop", { exact: true }).getByRole("link", { name: "Message" }).click();
    await page.getByLabel("Title").fill("Back at nine");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Save" }).click();
    const again = page.getByRole("dialog", { name: "Your session has ended" });
    await again.getByText("your last action will be completed").waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(/Authorization|Bearer|token:/);
    await again.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await again.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Saved.").waitFor();
    expect(gateInternals(site.gate).snapshot.sites.get("shop")?.record.notice.title).toBe("Back at nine");
    expect(await page.locator(".error").count()).toBe(0);
    expect(await page.getByRole("region", { name: "Unsaved changes" }).isVisible()).toBe(false);
  });

  test("when the session ends at a switch, which continues after the next sign-in", async () => {
    const page = await openAdmin(browser, site, complaints);
    await signIn(page);
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByLabel("2 hours").check();
    await page.getByRole("button", { name: "Close shop" }).click();
    const dialog = page.getByRole("dialog", { name: "Close shop?" });
    await dialog.getByText("You will not get in").waitFor();
    await page.context().clearCookies();
    await dialog.getByRole("button", { name: "Close shop" }).click();
    const again = page.getByRole("dialog", { name: "Your session has ended" });
    // Back does not leave the dialog, which still waits for an answer.
    await page.goBack();
    await again.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await again.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Open shop" }).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(gateInternals(site.gate).snapshot.sites.get("shop")?.record.until).not.toBe(null);
  });
});
