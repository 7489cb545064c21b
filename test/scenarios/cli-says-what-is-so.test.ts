import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliProject, createCliProject } from "./cli-project.ts";

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

function withoutConfiguration(): CliProject {
  project.remove();
  project = createCliProject({});
  return project;
}

const CONFIGURED = '{ "sites": { "shop": { "hosts": ["shop.example"] } }, "exempt": { "wellKnownPaths": [] } }';

describe("the place of the state", () => {
  test("is named by every command without a configuration, with the note that defaults apply", async () => {
    withoutConfiguration();
    for (const line of [["on"], ["status"], ["exempt", "list"], ["explain", "/"], ["history"], ["off"]]) {
      const { stderr } = await project.run(...line);
      expect(stderr).toContain(
        `Note: There is no configuration file in ${project.folder}: the defaults apply, and the state is in file ${project.stateFile}.\n`,
      );
      const { output } = await project.json(...line);
      expect(output).toMatchObject({ configuration: null, store: `file ${project.stateFile}` });
    }
    expect((await project.run("doctor")).stdout).toContain("! warn   configuration: no file, so the defaults apply");
  });

  test("is named by on and off, which only say that the state is written", async () => {
    const on = await project.run("on");
    expect(on.stdout).toContain(`Everything (*) is closed now, in file ${project.stateFile}.`);
    expect(on.stdout).toContain("Visitors of applications that read this state get a 503.");
    expect(on.stderr).toBe("");
    expect((await project.run("off")).stdout).toContain(`Everything (*) is open now, in file ${project.stateFile}.`);
  });

  test.each(["dist", "build", "src", "dist/server"])(
    "is that of the only configuration, found in %s",
    async (folder) => {
      withoutConfiguration().put(`${folder}/maintenance.config.json`, CONFIGURED);
      const { code, stdout, stderr } = await project.run("doctor");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`configuration: ${project.folder}/${folder}/maintenance.config.json`);
      expect((await project.run("on", "shop")).code).toBe(0);
    },
  );

  test.each([
    [["dist", "build"], "dist/maintenance.config.json"],
    [["apps/web"], "apps/web/maintenance.config.json"],
  ])(
    "is that of a configuration which is named if it may be the wrong one, with a command that works: %j",
    async (folders, file) => {
      withoutConfiguration();
      for (const folder of folders) project.put(`${folder}/maintenance.config.json`, CONFIGURED);
      const { code, stderr } = await project.run("on", "shop");
      expect(code).toBe(1);
      expect(stderr).toContain(`'${file}'`);
      const [, given = ""] = /--config (\S+)/.exec(stderr) ?? [];
      expect((await project.run("on", "shop", "--config", given)).code).toBe(0);
    },
  );

  test("is that of the source of a configuration, rather than of its compiled copy", async () => {
    withoutConfiguration().put("src/maintenance.config.json", CONFIGURED);
    project.put("dist/maintenance.config.json", CONFIGURED);
    expect((await project.run("doctor")).stdout).toContain(`${project.folder}/src/maintenance.config.json`);
  });

  test("needs a project: another folder is refused, and the hint makes it one", async () => {
    withoutConfiguration();
    rmSync(join(project.folder, "package.json"));
    for (const line of [["on"], ["status"], ["serve"], ["doctor"]]) {
      const { code, stdout, stderr } = await project.run(...line);
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("is not a project");
    }
    expect((await project.run("init")).code).toBe(0);
    expect((await project.run("status")).stderr).not.toContain("is not a project");
  });
});

describe("exemptions", () => {
  test("of the configuration are in every summary, and marked", async () => {
    const mark = "path /healthz (configuration), staff users (configuration)";
    expect((await project.run("on", "shop", "--allow-ip", "203.0.113.7", "--reason", "moving")).stdout).toContain(
      `Still let in: ${mark}, address 203.0.113.7.`,
    );
    const status = await project.run("status");
    expect(status.stdout).toContain(`shop: moving\n  Still let in: ${mark}, address 203.0.113.7.`);
    expect((await project.json("status")).output).toMatchObject({
      configured: [
        { kind: "path", rule: "/healthz", source: "configuration" },
        { kind: "user", rule: "staff", source: "configuration" },
      ],
      sites: [
        { id: "*", exempt: [] },
        { id: "blog", exempt: [] },
        { id: "shop", exempt: [{ kind: "address", rule: "203.0.113.7", source: "shop" }] },
      ],
    });
    expect((await project.run("exempt", "list")).stdout).toMatch(/path +\/healthz +configuration/);
    expect((await project.run("explain", "https://shop.example/healthz")).stdout).toContain("in the configuration");
    expect((await project.run("doctor")).stdout).toContain(`way in: ${mark}`);
  });

  test("of a group apply to each site, and are listed with it", async () => {
    project.put("maintenance.config.json", '{ "sites": { "shop": {} }, "groups": ["db"] }');
    await project.run("exempt", "add", "--site", "db", "--ip", "203.0.113.7");
    expect((await project.run("on", "shop")).stdout).toContain("address 203.0.113.7 (of db)");
    expect((await project.run("exempt", "list", "--site", "shop")).stdout).toMatch(/203\.0\.113\.7 +db/);
  });

  test.each([
    [["--ip", "0.0.0.0/0"], "'0.0.0.0/0' is every IPv4 address"],
    [["--ip", "::/0"], "'::/0' is every IPv6 address"],
    [["--ip", "127.0.0.1"], "'127.0.0.1' is this machine itself"],
    [["--path", "/*"], "The path '/*' matches every path"],
  ])("are reported before they are added, and by doctor, if they let everyone in: %j", async (rule, warning) => {
    const rehearsed = await project.run("exempt", "add", ...rule, "--dry-run");
    expect(rehearsed.stderr).toContain(`Warning: ${warning}`);
    const { output } = await project.json("exempt", "add", ...rule);
    expect(output).toMatchObject({ warnings: [expect.stringContaining(warning)] });
    const allow = rule[0] === "--ip" ? "--allow-ip" : "--allow-path";
    expect((await project.run("on", "shop", allow, rule[1] ?? "")).stderr).toContain(warning);
    const doctor = await project.run("doctor");
    expect(doctor.stdout).toContain(`! warn   exemptions: ${warning}`);
    expect((await project.run("exempt", "list")).stderr).toContain(warning);
  });

  test("of the configuration are checked by doctor too", async () => {
    project.put("maintenance.config.json", '{ "trustProxy": ["10.0.0.2"], "exempt": { "addresses": ["10.0.0.0/8"] } }');
    expect((await project.run("doctor")).stdout).toContain("'10.0.0.0/8' contains addresses that 'trustProxy' names");
  });
});

describe("explain", () => {
  test("says what would happen if an open site were closed", async () => {
    const open = await project.run("explain", "https://shop.example/healthz");
    expect(open.stdout).toContain("Allowed: its site is open.");
    expect(open.stdout).toContain("If shop were closed: Allowed: its path is exempt.");
    const cart = await project.run("explain", "https://shop.example/cart", "--if", "closed", "--user", "anonymous");
    expect(cart.stdout).toContain("If shop were closed:\nBlocked: its site is closed, and no exemption applies.");
    const post = await project.json("explain", "https://shop.example/", "--if", "read-only", "--method", "POST");
    expect(post.output).toMatchObject({ if: "read-only", site: "shop", decision: { mode: "read-only" } });
    const line = ["explain", "https://shop.example/", "--if", "read-only", "--method", "POST", "--user", "anonymous"];
    expect((await project.run(...line)).stdout).toContain(
      "If shop were read-only:\nBlocked: it writes, its site is read-only, and no exemption applies.",
    );
    expect((await project.run("status", "shop")).code).toBe(0);
  });

  test("says that a closure of other paths does not include the path", async () => {
    await project.run("on", "shop", "--only", "/checkout/*");
    const { stdout } = await project.run("explain", "https://shop.example/help");
    expect(stdout).toContain("Allowed: the closure does not include its path.");
  });

  test("names a host that belongs to no site, and the address in canonical form", async () => {
    const other = await project.run("explain", "https://other.example/", "--ip", "::FFFF:203.0.113.7");
    expect(other.stdout).toContain("The host 'other.example' belongs to no site: the rules for everything apply (*).");
    expect(other.stdout).toContain("The address is 203.0.113.7, as given.");
    const six = await project.json("explain", "/", "--ip", "2001:DB8:0:0:0:0:0:1");
    expect(six.output).toMatchObject({ address: "2001:db8::1", addressSource: "given", site: null });
    expect((await project.run("explain", "/")).stdout).toContain("No address is given");
  });
});

describe("doctor checks the template", () => {
  const templated = (template: string): void => {
    project.put("maintenance.config.mjs", `export default { template: ${template} };`);
    rmSync(join(project.folder, "maintenance.config.json"));
  };

  test.each([
    ['{ file: "gone.html" }', "✗ error  template: The template 'gone.html' cannot be used"],
    ['{ file: "wrong.html" }', "{{mesage}} has no value"],
    ['{ file: "django.html" }', "markup that is not rendered"],
    [
      '() => { throw new Error("of mine"); }',
      "✗ error  template: The template failed, so the built-in page is sent: of mine",
    ],
    ["(context) => context.until.toFixed()", "✗ error  template: The template failed"],
    ['{ view: "gone" }', "! warn   template: the view 'gone' is not in"],
    ['{ file: "page.html" }', "✓ ok     template: page.html"],
    ['{ view: "503" }', "✓ ok     template: the view '503'"],
  ])("%s", async (template, finding) => {
    project.put("wrong.html", "<p>{{mesage}}</p>");
    project.put("django.html", "{% extends 'base.html' %}");
    project.put("page.html", "<h1>{{title}}</h1>{{message}} {{untilText}}");
    project.put("views/503.ejs", "<%= title %>");
    templated(template);
    const { code, stdout } = await project.run("doctor");
    expect(stdout).toContain(finding);
    expect(code).toBe(finding.startsWith("✓") || finding.startsWith("!") ? 0 : 1);
  });
});
