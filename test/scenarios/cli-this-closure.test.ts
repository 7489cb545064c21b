import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliProject, createCliProject } from "./cli-project.ts";

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});
afterEach(() => project.remove());

interface Shop {
  readonly exemptions: { readonly addresses: readonly { readonly range: string }[] };
  readonly notice: object;
}

async function shopAfter(...line: string[]): Promise<Shop> {
  const { output } = await project.json(...line);
  const { outcomes } = output as { readonly outcomes: readonly { readonly after: Shop }[] };
  return outcomes[0]?.after as Shop;
}

test("`on` sets a message in two languages for one closure, `preview` shows each, and `off` restores the permanent texts", async () => {
  const texts = ["--message", "Back at nine", "--message-in", "de=Zurück um neun", "--title-in", "de=Umbau"];
  expect((await shopAfter("on", "shop", ...texts)).notice).toMatchObject({
    message: "Back at nine",
    translations: { de: { title: "Umbau", message: "Zurück um neun" } },
  });
  const french = ["--message-in", "fr=De retour à neuf heures = 9 h"];
  expect((await shopAfter("on", "shop", ...french)).notice).toMatchObject({
    message: "Back at nine",
    translations: { de: { message: "Zurück um neun" }, fr: { message: "De retour à neuf heures = 9 h" } },
  });
  const preview = ["preview", "blog", "--type", "text", ...texts, "--lang"];
  expect((await project.run(...preview, "de")).stdout).toContain("Zurück um neun");
  expect((await project.run(...preview, "fr")).stdout).toContain("Back at nine");
  expect((await shopAfter("off", "shop")).notice).toMatchObject({ message: "", translations: {} });
});

test("a translation without a language is refused with the correct form", async () => {
  for (const typed of ["Zurück um neun", "=Zurück", "de"]) {
    const { code, stderr } = await project.run("on", "--message-in", typed);
    expect(code).toBe(1);
    expect(stderr).toContain(`--message-in: '${typed}' names no language.`);
    expect(stderr).toContain("--message-in de='Zurück um neun'");
  }
  const { stderr } = await project.run("on", "--title-in", "d=Zurück");
  expect(stderr).toContain("'d' is not a language tag");
});

test("an exemption and a link until opening are refused while the site is open, and end when it opens", async () => {
  const exempt = ["exempt", "add", "--site", "shop", "--ip", "10.0.0.42", "--until-open"];
  const link = ["link", "create", "--site", "shop", "--label", "QA", "--until-open"];
  for (const line of [exempt, link]) {
    const { code, stderr } = await project.run(...line);
    expect(code).toBe(1);
    expect(stderr).toContain("'shop' is open");
  }
  await project.run("on", "shop", "--for", "2h");
  expect((await project.run(...exempt)).stdout).toContain("Let in from now on while shop is closed, until it opens");
  expect((await project.run(...link)).stdout).toContain("Until it opens.");
  expect((await project.run("link", "list")).stdout).toMatch(/QA +when it opens/);
  const both = await project.run(
    "link",
    "create",
    "--site",
    "shop",
    "--label",
    "PM",
    "--expires",
    "1h",
    "--until-open",
  );
  expect(both.stdout).toMatch(/^Until .+, or until it opens\.$/m);
  expect((await shopAfter("off", "shop")).exemptions.addresses).toEqual([]);
  expect((await project.run("link", "list")).stdout).toContain("There is no link.");
});

test("an exemption of one closure can be removed before it ends", async () => {
  await project.run("on", "shop", "--allow-ip", "10.0.0.42");
  const { code, stdout } = await project.run("exempt", "remove", "--site", "shop", "--ip", "10.0.0.42");
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("No longer let in") });
});

test("a closure of robots.txt for more than a day warns about crawlers", async () => {
  const remark = "/robots.txt of 'shop' is closed too";
  expect((await project.run("on", "shop", "--for", "23h")).stdout).not.toContain(remark);
  expect((await project.run("on", "shop", "--for", "2d")).stdout).toContain(remark);
  expect((await project.run("doctor")).stdout).toContain(`crawlers: ${remark}`);
  expect((await project.run("on", "shop", "--allow-path", "/robots.txt")).stdout).not.toContain(remark);
  expect((await project.run("doctor")).stdout).not.toContain(remark);
  expect((await project.run("on", "blog", "--for", "2d", "--read-only")).stdout).not.toContain("robots");
  expect((await project.run("on", "blog", "--for", "2d", "--only", "/cart/*")).stdout).not.toContain("robots");
});
