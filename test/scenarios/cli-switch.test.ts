import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliProject, CONFIG, createCliProject } from "./cli-project.ts";

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

describe("on, status, off", () => {
  test("close and open everything with one word", async () => {
    expect(await project.run("status")).toMatchObject({ code: 0, stderr: "" });
    const on = await project.run("on", "--message", "Back at nine");
    expect(on).toMatchObject({ code: 0, stderr: "" });
    expect(on.stdout).toContain("Everything (*) is closed now, in file ");
    expect(on.stdout).toContain("Until it is opened.");
    expect(on.stdout).toContain('Message: "Back at nine"');
    expect(on.stdout).toContain("Still let in: path /healthz (configuration), staff users (configuration).");
    expect(on.stdout).toContain("To open again: maintenance-mode off\n");

    const status = await project.run("status");
    expect(status.code).toBe(2);
    expect(status.stdout).toMatch(/^\* \(everything\) +closed +opened by hand/m);
    expect(status.stdout).toMatch(/^shop +closed \(with \*\)/m);

    expect((await project.run("off")).stdout).toContain("Everything (*) is open now, in file ");
    expect((await project.run("status")).code).toBe(0);
    expect((await project.run("off")).stdout).toContain("Everything (*) is open already: nothing changed.");
  });

  test("suggest commands with the given configuration, whatever its name", async () => {
    const path = join(project.folder, "it's ours.json");
    writeFileSync(path, CONFIG);
    const { stdout } = await project.run("--config", path, "on", "shop");
    const [, next = ""] = /^To open again: maintenance-mode (.+)$/m.exec(stdout) ?? [];
    expect(next).toBe(`--config '${project.folder}/it'\\''s ours.json' off shop`);
  });

  test("print a time in full, with its zone, the time left, and in UTC", async () => {
    const { stdout } = await project.run("on", "shop", "--until", "22:00 America/New_York");
    expect(stdout).toMatch(
      /Until \w+day \d{1,2} \w+ \d{4}, 22:00 America\/New_York \(in \d[^;]*; \d{4}-\d\d-\d\dT0[23]:00:00Z\)\./,
    );
    expect(stdout).toContain("The other sites stay as they are.");
    expect(stdout).toContain("To open again: maintenance-mode off shop");
  });

  test("update the options of a closed site, say so, and add one closure to the history", async () => {
    await project.run("on", "shop", "--message", "one");
    const again = await project.run("on", "shop", "--message", "two", "--retry-after", "5m");
    expect(again.stdout).toContain("shop was closed already, since ");
    expect(again.stdout).toContain('Changed now: message: "one" → "two"; retry after: none → 300.');
    await project.run("on", "blog", "--until", "2099-12-01T22:00:01Z");
    expect((await project.run("on", "blog", "--until", "2099-12-01T22:00:04Z")).stdout).toContain(
      "Changed now: until: 2099-12-01T22:00:01Z → 2099-12-01T22:00:04Z.",
    );
    const { output } = await project.json("history", "--site", "shop");
    expect(output).toMatchObject({
      changes: [
        { version: 2, command: "close", sites: [{ site: "shop", effect: "changed" }] },
        { version: 1, command: "close", by: { kind: "cli" }, sites: [{ site: "shop", effect: "closed" }] },
      ],
    });
    expect((await project.run("on", "shop")).stdout).toContain("shop is closed already, since ");
  });

  test("name what still keeps visitors out after off", async () => {
    await project.run("on");
    await project.run("on", "shop", "blog", "--for", "2h");
    const off = await project.run("off", "shop");
    expect(off.stdout).toContain("shop is open now, in ");
    expect(off.stdout).toContain(
      "Everything (*) is still closed, and shop with it, until it is opened. To open it: maintenance-mode off\n",
    );
    const all = await project.json("off");
    expect(all.output).toMatchObject({
      command: "off",
      stillClosed: ["blog"],
      outcomes: [{ site: "*", effect: "opened" }],
    });
  });

  test("store every option in the record", async () => {
    // biome-ignore format: an option and its value belong on one line
    const { code, output } = await project.json(
      "on", "shop",
      "--message", "m", "--title", "t", "--more-url", "https://status.example",
      "--until", "2099-12-01T06:00:00Z",
      "--only", "/checkout/*", "--only", "/cart",
      "--allow-ip", "10.0.0.0/8", "--allow-path", "/hooks/*",
      "--redirect", "/down", "--status-code", "500", "--retry-after", "60", "--refresh", "30",
      "--lockdown", "--reason", "because",
    );
    expect(code).toBe(0);
    expect(output).toMatchObject({
      command: "on",
      dryRun: false,
      version: 1,
      outcomes: [
        {
          site: "shop",
          effect: "closed",
          before: null,
          after: {
            mode: "closed",
            until: "2099-12-01T06:00:00Z",
            paths: ["/checkout/*", "/cart"],
            exemptions: { addresses: [{ range: "10.0.0.0/8" }], paths: [{ pattern: "/hooks/*" }] },
            lockdown: true,
            notice: { title: "t", message: "m", moreUrl: "https://status.example/" },
            response: { statusCode: 500, retryAfter: 60, refresh: 30, redirect: "/down" },
          },
        },
      ],
    });
    expect((await project.json("status", "shop")).output).toMatchObject({
      sites: [{ reason: "because", lockdown: true }],
    });
    const readOnly = await project.json("on", "shop", "--read-only", "--no-lockdown", "--until", "never");
    expect(readOnly.output).toMatchObject({
      outcomes: [{ after: { mode: "read-only", until: null, lockdown: false } }],
    });
  });

  test("print the same in a dry run, and write nothing", async () => {
    for (const line of [["on", "shop"], ["off"], ["sites", "add", "x"], ["exempt", "add", "--ip", "203.0.113.7"]]) {
      const { code, stdout } = await project.run(...line, "--dry-run");
      expect(code).toBe(0);
      expect(stdout).toContain("Dry run: nothing was written.");
    }
    expect(existsSync(project.stateFile)).toBe(false);
  });
});

describe("a closure that locks everyone out", () => {
  test("prints a warning without a terminal, and continues", async () => {
    project.put("maintenance.config.json", "{}");
    const { code, stderr } = await project.run("on");
    expect(code).toBe(0);
    expect(stderr).toContain(
      "Warning: No one will get in to everything (*) while it is closed, not even you: no address, user",
    );
    expect((await project.run("status")).code).toBe(2);
  });

  test("is reported for lockdown, and not if there is an exemption", async () => {
    expect((await project.run("on", "shop", "--lockdown")).stderr).toContain("in lockdown exemptions do not count");
    expect((await project.run("on", "blog")).stderr).toBe("");
    project.put("maintenance.config.json", "{}");
    expect((await project.run("on", "--allow-ip", "203.0.113.7")).stderr).toBe("");
    expect((await project.json("on", "--lockdown")).output).toMatchObject({
      warnings: [expect.stringContaining("No one")],
    });
  });
});

describe("unknown sites", () => {
  test("are refused with the most similar one, and nothing is written", async () => {
    const { code, stderr, stdout } = await project.run("on", "blog", "shpo");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("There is no site 'shpo'. [ERR_UNKNOWN_SITE]\nDid you mean 'shop'?");
    expect(existsSync(project.stateFile)).toBe(false);
    expect((await project.run("status", "shpo")).code).toBe(1);
  });

  test("are skipped with --ignore-missing", async () => {
    const on = await project.run("on", "shop", "nope", "--ignore-missing");
    expect(on.code).toBe(0);
    expect(on.stdout).toContain("shop is closed now, in ");
    expect(on.stdout).toContain("nope is not known, and was skipped.");
    expect(await project.run("status", "nope", "--ignore-missing")).toMatchObject({ code: 0 });
    expect((await project.run("off", "nope", "--ignore-missing")).code).toBe(0);
  });
});

describe("an override", () => {
  test("refuses every switch, says where it is set, and stores nothing", async () => {
    for (const line of [["off"], ["on"], ["on", "--dry-run"]]) {
      const { code, stderr } = await project.runWith({ MAINTENANCE_MODE: "on" }, ...line);
      expect(code).toBe(1);
      expect(stderr).toContain("MAINTENANCE_MODE=on in the environment overrides the store");
      expect(stderr).toContain("ERR_OVERRIDDEN");
    }
    expect(existsSync(project.stateFile)).toBe(false);
    const status = await project.runWith({ MAINTENANCE_MODE: "on" }, "status");
    expect(status.code).toBe(2);
    expect(status.stdout).toContain("Override: MAINTENANCE_MODE=on in the environment decides");
    expect((await project.runWith({ MAINTENANCE_MODE: "off" }, "status")).code).toBe(0);
  });
});

test("ten processes that switch at once lose nothing", async () => {
  const runs = await Promise.all(
    Array.from({ length: 10 }, (_, n) => project.spawn("sites", "add", `site-${n}`, "--reason", `r${n}`)),
  );
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(10).fill({ code: 0, stderr: "" }));
  const { output } = await project.json("history");
  const { changes } = output as { changes: { version: number; reason: string }[] };
  expect(changes.map(({ version }) => version)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(changes.map(({ reason }) => reason).sort()).toEqual(Array.from({ length: 10 }, (_, n) => `r${n}`));
});
