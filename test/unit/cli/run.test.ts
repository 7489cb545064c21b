import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createController } from "../../../src/control/controller.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { type CliInProcess, cliInProcess } from "./cli-in-process.ts";

let cli: CliInProcess;

beforeEach(() => {
  cli = cliInProcess();
});

afterEach(() => cli.remove());

test("docs/cli.md has every member of `status --json`", async () => {
  const page = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  const section = page.split("\n## `status`\n", 2)[1]?.split("\n## ", 1)[0] ?? "";
  const { written } = await cli.start(["status", "--json"]);
  const status: { readonly sites: readonly object[] } = JSON.parse(written.stdout);
  const members = [...Object.keys(status), ...status.sites.flatMap(Object.keys)];
  expect(members.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

describe("questions", () => {
  test("-i asks for every option that was not given, shows what it will do, and does it", async () => {
    const { code, questions, written } = await cli.start(["on", "-i"], {
      answers: [["shop"], "read-only", "Back soon", "yesterday", "2h", "moving", true],
    });
    expect({ code, questions }).toEqual({
      code: 0,
      questions: [
        "Which sites do you want to close?",
        "How?",
        "What do visitors read?",
        "Until when?",
        "'yesterday' is not a time.",
        "Until when?",
        "Why?",
        "Close shop?",
      ],
    });
    const end = "Until Saturday 21 November 2026, 21:50 Europe/Berlin (in 2 h; 2026-11-21T20:50:00Z).";
    expect(written.stderr).toContain(end);
    expect(written.stdout).toContain("shop is read-only now, in file ");
    expect(written.stdout).toContain(end);
    expect(JSON.parse(readFileSync(cli.stateFile, "utf8"))).toMatchObject({
      sites: {
        shop: {
          mode: "read-only",
          notice: { message: "Back soon" },
          changed: { reason: "moving", by: { label: "ada", from: "desk" } },
        },
      },
    });
  });

  test("options on the command line are not asked for", async () => {
    const line = ["on", "shop", "-i", "--read-only", "--message", "m", "--for", "1h", "--reason", "r"];
    const { code, questions } = await cli.start(line, { answers: [true] });
    expect({ code, questions }).toEqual({ code: 0, questions: ["Close shop?"] });
  });

  test("the answer no changes nothing", async () => {
    const { code, written } = await cli.start(["on", "-i", "shop"], { answers: ["closed", "", "", "", false] });
    expect(code).toBe(1);
    expect(written.stderr).toContain("Cancelled: nothing was changed.");
    expect(existsSync(cli.stateFile)).toBe(false);
  });

  test("off -i lists the closed sites", async () => {
    expect((await cli.start(["off", "-i"])).written.stderr).toContain("There is nothing to open.");
    await cli.start(["on", "shop", "--yes"]);
    const { code, questions, written } = await cli.start(["off", "-i"], { answers: [["shop"]] });
    expect({ code, questions }).toEqual({ code: 0, questions: ["Which sites do you want to open?"] });
    expect(written.stdout).toMatch(/^shop is open now, in file .*state\.json\.\nNo process follows .*\n$/);
  });

  test("-i without a terminal is refused", async () => {
    const { code, written } = await cli.start(["on", "-i"], { isInteractive: false });
    expect(code).toBe(1);
    expect(written.stderr).toContain("--interactive needs a terminal");
  });
});

describe("a command that would lock everyone out", () => {
  test("asks at a terminal", async () => {
    const no = await cli.start(["on"], { answers: [false] });
    expect(no).toMatchObject({ code: 1, questions: ["Close everything (*)?"] });
    expect(no.written.stderr).toContain("Warning: No one will get in to everything (*)");
    expect(existsSync(cli.stateFile)).toBe(false);
    expect(await cli.start(["on"], { answers: [true] })).toMatchObject({ code: 0 });
    // The site is closed already, so no one else is affected.
    expect(await cli.start(["on", "--message", "x"])).toMatchObject({ code: 0, questions: [] });
  });

  test("does not ask with --yes, in a dry run, for a part of a site, or without a terminal", async () => {
    expect(await cli.start(["on", "--dry-run"])).toMatchObject({ code: 0, questions: [] });
    expect(await cli.start(["on", "shop", "--only", "/checkout/*"])).toMatchObject({ code: 0, questions: [] });
    expect(await cli.start(["on", "--read-only"])).toMatchObject({ code: 0, questions: [] });
    expect(await cli.start(["on", "--yes"])).toMatchObject({ code: 0, questions: [] });
    await cli.start(["off"]);
    const alone = await cli.start(["on"], { isInteractive: false });
    expect(alone).toMatchObject({ code: 0, questions: [] });
    expect(alone.written.stderr).toContain("Warning: No one will get in");
  });

  test("an exemption that only machines use is not a way in", async () => {
    cli.members = 'exempt: { healthPaths: ["/healthz"] }';
    const { written } = await cli.start(["on"], { isInteractive: false });
    expect(written.stderr).toContain("No one will get in");
    expect(written.stdout).toContain(
      "Still let in: path /healthz (configuration: health probes), path /.well-known/acme-challenge/*",
    );
    expect((await cli.start(["doctor"])).written.stdout).toContain("! warn   way in:");
  });

  test.each([
    ["an address", 'exempt: { addresses: ["10.0.0.1"] }'],
    ["a path", 'exempt: { adminPaths: ["/admin/*"] }'],
    ["a kind of user", "exempt: { users: { superuser: true } }"],
    ["a function over users", "exempt: { users: () => true }"],
  ])("%s in the configuration is a way in, but not in lockdown", async (_, exempt) => {
    cli.members = exempt;
    expect((await cli.start(["on"])).written.stderr).toBe("");
    expect((await cli.start(["on", "--lockdown", "--yes"])).written.stderr).toContain(
      "in lockdown exemptions do not count",
    );
  });
});

describe("the output", () => {
  test("has colour only on a terminal, and not if NO_COLOR is set", async () => {
    const colored = "\u001b[";
    expect((await cli.start(["status"], { isTTY: true })).written.stdout).toContain(colored);
    expect((await cli.start(["status"], { isTTY: true, env: { NO_COLOR: "1" } })).written.stdout).not.toContain(
      colored,
    );
    expect((await cli.start(["status"])).written.stdout).not.toContain(colored);
    expect((await cli.start(["nope"], { isTTY: true })).written.stderr).toContain(colored);
    expect((await cli.start(["status", "--json"], { isTTY: true })).written.stdout).not.toContain(colored);
  });

  test("cannot be used by another user's text to control the terminal", async () => {
    const hostile = "\u001b[2Jred\u202Eder\nsecond";
    await cli.start(["on", "--yes", "--message", hostile]);
    for (const line of [["status"], ["history"], ["sites", "show", "*"]]) {
      const { stdout } = (await cli.start(line)).written;
      expect(stdout).not.toContain("\u001b");
      expect(stdout).not.toContain("\u202E");
      expect(stdout).toContain("red der second");
    }
    expect(JSON.parse((await cli.start(["status", "--json"])).written.stdout)).toMatchObject({
      sites: [{ message: hostile }, {}],
    });
  });

  test("suggests commands that begin with npx if npx was used", async () => {
    const { written } = await cli.start(["on", "--yes"], { env: { npm_command: "exec" } });
    expect(written.stdout).toMatch(/^To open again: npx maintenance-mode --config \S+ off$/m);
  });

  test("is the version with --version", async () => {
    expect(await cli.start(["--version"])).toMatchObject({ code: 0, written: { stdout: "1.2.3\n" } });
  });
});

test("shows nothing of a closure that has ended", async () => {
  await cli.start(["on", "shop", "--for", "1h", "--allow-ip", "10.0.0.1", "--message", "over"]);
  const later = { now: "2026-11-21T20:00:00Z" };
  expect((await cli.start(["status"], later)).code).toBe(0);
  expect((await cli.start(["exempt", "list"], later)).written.stdout).not.toContain("10.0.0.1");
  expect((await cli.start(["sites", "show", "shop"], later)).written.stdout).not.toContain("over");
  expect((await cli.start(["doctor"], later)).written.stdout).toContain("no one gets in to everything (*), shop");
  const again = await cli.start(["on", "shop"], { ...later, isInteractive: false });
  expect(again.written.stdout).toContain("shop is closed now, in file ");
  expect(again.written.stderr).toContain("No one will get in to shop");
});

test("a change of a closure names its start, and its author or that of the last change", async () => {
  const at = (now: string) => ({ now, isInteractive: false });
  await cli.start(["on", "shop"], at("2026-11-21T18:50:00Z"));
  const first = await cli.start(["on", "shop", "--message", "Back at nine"], at("2026-11-21T18:55:00Z"));
  const start = "since Saturday 21 November 2026, 19:50 Europe/Berlin";
  expect(first.written.stdout).toContain(`shop was closed already, ${start} (5 min ago; 2026-11-21T18:50:00Z) by ada.`);
  const second = await cli.start(["on", "shop"], at("2026-11-21T19:00:00Z"));
  expect(second.written.stdout).toContain(
    `shop is closed already, ${start} (10 min ago; 2026-11-21T18:50:00Z), last changed by ada: nothing changed.`,
  );
});

test("off without a site names the sites with a closure of their own, and off with one what keeps it closed", async () => {
  cli.members = "sites: { shop: {}, blog: {} }";
  for (const line of [["on"], ["on", "shop"], ["on", "blog"]]) await cli.start(line, { isInteractive: false });
  const shop = await cli.start(["off", "shop"]);
  expect(shop.written.stdout).toContain("Everything (*) is still closed, and shop with it, until it is opened.");
  expect(shop.written.stdout).not.toContain("blog");
  expect((await cli.start(["off"])).written.stdout).toContain("blog is still closed, until it is opened.");
});

test("never contains secrets", async () => {
  const store = fileStore({ path: cli.stateFile });
  const { token } = await createController({ store }).links.create({
    label: "QA",
    by: { kind: "program", label: "test" },
  });
  await store.close();
  const { "*": record } = JSON.parse(readFileSync(cli.stateFile, "utf8")).sites;
  const [{ hash, key }] = record.links;
  for (const line of [["sites", "show", "*"], ["on", "--yes"], ["history"], ["status"], ["explain", "/"]]) {
    for (const all of [line, [...line, "--json"]]) {
      const { stdout } = (await cli.start(all)).written;
      expect(stdout).not.toBe("");
      for (const secret of [token, hash, key]) expect(stdout).not.toContain(secret);
    }
  }
  expect((await cli.start(["sites", "show", "*"])).written.stdout).toContain('links: "QA"');
});
