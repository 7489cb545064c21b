import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { keepScreenshot, openAdmin } from "./admin-operator.ts";
import { type AdminSite, PASSWORD } from "./admin-site.ts";
import { eachWithAdmin } from "./each-with-admin.ts";
import { describeInBrowser, findViolations } from "./page-browser.ts";

const MESSAGE = "#/sites/shop/message";

describeInBrowser("two operators at once", () => {
  let browser: Browser;
  let site: AdminSite;
  let complaints: string[];
  let mia: Page;
  let noor: Page;

  eachWithAdmin((given) => {
    ({ browser, site, complaints } = given);
  });

  async function open(at: string): Promise<void> {
    mia = await openAdmin(browser, site, complaints, { name: "mia", at });
    noor = await openAdmin(browser, site, complaints, { name: "noor", at });
  }

  async function save(page: Page): Promise<void> {
    await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
  }

  test("a switch by one operator appears on the other's page", async () => {
    await open("#/sites/shop");
    const list = await openAdmin(browser, site, complaints, { name: "third" });
    await list.getByRole("button", { name: "Close shop" }).waitFor();
    await mia.getByRole("button", { name: "Close shop" }).click();
    await mia.getByRole("dialog").getByRole("button", { name: "Close shop" }).click();
    await noor.getByRole("button", { name: "Open shop" }).waitFor();
    await noor.getByText("mia set shop to “Closed”.").waitFor();
    await list.getByRole("button", { name: "Open shop" }).waitFor();
  });

  test("a switch of all sites appears on the page of each site, which says that it stays closed", async () => {
    await open("#/sites/shop");
    await site.controller.execute({ type: "close", sites: ["shop", "*"] }, { kind: "program", label: "deploy" });
    await site.gate.refresh();
    await mia.getByText("do not get access yet, because all sites are set to “Closed”.").waitFor();
    await mia.getByRole("button", { name: "Open shop" }).click();
    await mia.getByRole("dialog").getByRole("button", { name: "Open shop" }).click();
    await noor.getByText("This site itself is set to “Open”. What visitors get is set by All sites.").waitFor();
    await noor.locator(".state").getByText("set for all sites").waitFor();
  });

  test("a switch appears by polling if no event stream gets through", async () => {
    mia = await openAdmin(browser, site, complaints, {
      name: "mia",
      prepare: async (page) => {
        await page.clock.install();
        await page.route("**/api/v1/events", (route) => route.abort());
      },
    });
    await mia.getByRole("button", { name: "Close shop" }).waitFor();
    await site.controller.execute({ type: "close", sites: ["shop"] }, { kind: "program", label: "deploy" });
    await site.gate.refresh();
    await mia.clock.fastForward(11_000);
    await mia.clock.runFor(1_000);
    await mia.getByRole("button", { name: "Open shop" }).waitFor();
  });

  test("a change of another field does not affect what the operator is typing", async () => {
    await open(MESSAGE);
    await mia.getByLabel("Title").fill("Back at nine");
    await noor.getByLabel("Status page").fill("https://status.example/");
    await save(noor);
    await expect.poll(() => mia.getByLabel("Status page").inputValue()).toBe("https://status.example/");
    expect(await mia.getByLabel("Title").inputValue()).toBe("Back at nine");
    await save(mia);
    await mia.getByText("Saved.").waitFor();
    await expect.poll(() => noor.getByLabel("Title").inputValue()).toBe("Back at nine");
  });

  test("if both changed a field, both values are shown, and the choice is saved", async () => {
    await open(MESSAGE);
    await mia.getByLabel("Title").fill("Back at nine");
    await mia.getByLabel("Message", { exact: true }).fill("The stockroom moves.");
    await noor.getByLabel("Title").fill("Back at ten");
    await save(noor);
    const conflict = mia.getByRole("region", { name: "Conflict" });
    await conflict.getByText(/^noor saved first/).waitFor();
    expect(await mia.getByLabel("Title").inputValue()).toBe("Back at nine");
    expect(await mia.getByRole("region", { name: "Unsaved changes" }).isVisible()).toBe(false);
    expect(await conflict.getByRole("button", { name: "Save selection" }).isDisabled()).toBe(true);
    expect(await findViolations(mia)).toEqual([]);
    await keepScreenshot(mia, "conflict", false);
    await conflict.getByRole("radio", { name: /^Theirs/ }).check();
    await conflict.getByRole("button", { name: "Save selection" }).click();
    await mia.getByText("Saved.").waitFor();
    await expect.poll(() => noor.getByLabel("Message", { exact: true }).inputValue()).toBe("The stockroom moves.");
    expect(await noor.getByLabel("Title").inputValue()).toBe("Back at ten");
  });

  test("a change that the page has not heard of is refused, and then both values are shown", async () => {
    let deaf = false;
    mia = await openAdmin(browser, site, complaints, {
      name: "mia",
      at: MESSAGE,
      prepare: async (page) => {
        await page.route("**/api/v1/events", (route) => route.abort());
        await page.route("**/api/v1/sites/shop", (route) =>
          deaf && route.request().method() === "GET" ? route.abort() : route.continue(),
        );
      },
    });
    noor = await openAdmin(browser, site, complaints, { name: "noor", at: MESSAGE });
    await mia.getByLabel("Title").fill("Back at nine");
    deaf = true;
    await noor.getByLabel("Title").fill("Back at ten");
    await save(noor);
    await noor.getByText("Saved.").waitFor();
    await save(mia);
    const conflict = mia.getByRole("region", { name: "Conflict" });
    await conflict.getByText("Back at ten").waitFor();
    await conflict.getByRole("radio", { name: /^Yours/ }).check();
    await conflict.getByRole("button", { name: "Save selection" }).click();
    await expect.poll(() => noor.getByLabel("Title").inputValue()).toBe("Back at nine");
  });

  test("the end of a session loses no input", async () => {
    let out = false;
    mia = await openAdmin(browser, site, complaints, {
      name: "mia",
      at: MESSAGE,
      prepare: (page) =>
        page.route("**/api/v1/**", (route) => {
          const headers = { ...route.request().headers() };
          if (out) delete headers["x-operator"];
          return route.continue({ headers });
        }),
    });
    await mia.getByLabel("Title").fill("Back at nine");
    out = true;
    await site.controller.execute({ type: "close", sites: ["blog"] }, { kind: "program", label: "test" });
    await mia.getByText("Sign in again. Your input has been kept").waitFor();
    await mia.getByLabel("Password", { exact: true }).last().fill(PASSWORD);
    await mia.getByRole("button", { name: "Sign in" }).click();
    await expect.poll(() => mia.getByLabel("Title").inputValue()).toBe("Back at nine");
    await save(mia);
    await mia.getByText("Saved.").waitFor();
  });
});
