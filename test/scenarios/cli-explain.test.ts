import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ANONYMOUS, type RequestFacts } from "../../src/engine/decide/request-facts.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { fileStore } from "../../src/stores/file.ts";
import { type CliProject, CONFIG, createCliProject, runBin } from "./cli-project.ts";

let project: CliProject;
let gate: Gate;

beforeEach(() => {
  project = createCliProject();
  gate = createGate({ ...JSON.parse(CONFIG), store: fileStore({ path: project.stateFile }), pollInterval: 3_600_000 });
});

afterEach(async () => {
  await gateInternals(gate).options.store?.close();
  await gate.close();
  project.remove();
});

const FACTS: RequestFacts = {
  method: "GET",
  host: undefined,
  otherHosts: [],
  target: "/",
  address: undefined,
  user: undefined,
  operation: undefined,
  route: undefined,
  header: () => undefined,
};

describe("explain", () => {
  test("decides as the gate of the application does", async () => {
    await project.run("on", "shop", "--only", "/checkout/*", "--allow-ip", "10.0.0.0/8");
    await project.run("on", "blog", "--read-only", "--status-code", "500");
    await gate.ready();
    const cases: readonly (readonly [line: readonly string[], facts: Partial<RequestFacts>])[] = [
      [["https://shop.example/checkout/1"], { host: "shop.example", target: "/checkout/1" }],
      [["https://shop.example/open/../checkout"], { host: "shop.example", target: "/open/../checkout" }],
      [["http://SHOP.example:8080/%zz?x#y"], { host: "SHOP.example:8080", target: "/%zz?x" }],
      [["https://shop.example"], { host: "shop.example" }],
      [["https://shop.example?x=1"], { host: "shop.example", target: "/?x=1" }],
      [
        ["https://shop.example/checkout", "--ip", "10.0.0.42"],
        { host: "shop.example", target: "/checkout", address: "10.0.0.42" },
      ],
      [
        ["https://shop.example/checkout", "--user", "staff"],
        { host: "shop.example", target: "/checkout", user: { ...ANONYMOUS, authenticated: true, staff: true } },
      ],
      [
        ["https://shop.example/checkout", "--user", "anonymous"],
        { host: "shop.example", target: "/checkout", user: ANONYMOUS },
      ],
      [["https://blog.example/", "--method", "post"], { host: "blog.example", method: "POST" }],
      [["https://blog.example/", "--method", "M-SEARCH"], { host: "blog.example", method: "M-SEARCH" }],
      [["https://blog.example/", "--method", "propfind"], { host: "blog.example", method: "PROPFIND" }],
      [["https://shop.example:x/checkout"], { host: "shop.example:x", target: "/checkout" }],
      [
        ["https://other.example/checkout", "--header", "X-Forwarded-Host: shop.example"],
        { host: "other.example", otherHosts: ["shop.example"], target: "/checkout" },
      ],
      [["/checkout", "--header", "Host: blog.example"], { host: "blog.example", target: "/checkout" }],
      [["/healthz"], { target: "/healthz" }],
    ];
    for (const [line, facts] of cases) {
      const { code, output } = await project.json("explain", ...line);
      expect(code).toBe(0);
      expect(output, line.join(" ")).toMatchObject({ decision: gateInternals(gate).decide({ ...FACTS, ...facts }) });
    }
  });

  test("refuses a URL and a Host header that name two hosts, and accepts one host in two spellings", async () => {
    await project.run("on", "shop");
    const { code, stderr } = await project.run("explain", "https://shop.example/x", "--header", "Host: blog.example");
    expect(code).toBe(1);
    expect(stderr).toContain("The URL names the host 'shop.example' and the header Host names 'blog.example'.");
    expect(stderr).toContain("leave the header out, or write the URL as a path");
    const same = await project.json("explain", "https://shop.example/x", "--header", "Host: SHOP.example.:8080");
    expect(same).toMatchObject({ code: 0, output: { site: "shop", host: "SHOP.example.:8080" } });
  });

  test("shows the outcome, the rule with its source, and the answer", async () => {
    await project.run("on", "--retry-after", "60");
    const blocked = await project.run(
      "explain",
      "https://blog.example/",
      "--user",
      "anonymous",
      "--header",
      "Accept: application/json",
    );
    expect(blocked.code).toBe(0);
    expect(blocked.stdout).toContain("Blocked: its site is closed, and no exemption applies.");
    expect(blocked.stdout).toContain("Site: everything (*), closed");
    expect(blocked.stdout).toContain("Answer: 503\n  Content-Type: application/problem+json");
    expect(blocked.stdout).toContain("  Retry-After: 60");

    const exempt = await project.run("explain", "https://blog.example/healthz");
    expect(exempt.stdout).toContain("Allowed: its path is exempt.");
    expect(exempt.stdout).toContain("Rule: /healthz, in the configuration");
    expect(exempt.stdout).toContain("  Maintenance: bypass;rule=path");

    await project.run("exempt", "add", "--ip", "192.0.2.0/24", "--description", "office");
    const office = await project.run("explain", "https://blog.example/", "--ip", "192.0.2.7");
    expect(office.stdout).toContain("Rule: 192.0.2.0/24 (office), in the record of everything (*)");

    const open = await project.run("explain", "https://blog.example/", "--user", "staff");
    expect(open.stdout).toContain("Rule: staff, in the configuration");
    const unknown = await project.run("explain", "https://blog.example/");
    expect(unknown.stdout).toContain("  anonymous: Blocked, its site is closed, and no exemption applies.");
    expect(unknown.stdout).toContain("  staff: Allowed, its user is exempt.");
    expect(unknown.stdout).toContain("To see the decision, add --user.");
  });

  test("shows the description of a rule of the configuration, as status does", async () => {
    const addresses = [{ range: "192.0.2.0/24", description: "office" }];
    project.put("maintenance.config.json", JSON.stringify({ exempt: { addresses } }));
    await project.run("on");
    const { stdout } = await project.run("explain", "/", "--ip", "192.0.2.7");
    expect(stdout).toContain("Rule: 192.0.2.0/24 (office), in the configuration");
    expect((await project.run("status")).stdout).toContain("address 192.0.2.0/24 (configuration: office)");
  });

  test("trusts X-Forwarded-For from the configured proxies", async () => {
    project.put("maintenance.config.json", '{ "trustProxy": 1, "exempt": { "addresses": ["10.0.0.42"] } }');
    await project.run("on");
    const from = (forwarded: string) =>
      project.json("explain", "/", "--ip", "127.0.0.1", "--header", `X-Forwarded-For: ${forwarded}`);
    expect((await from("192.0.2.1, 10.0.0.42")).output).toMatchObject({
      decision: { outcome: "allow", reason: "address" },
    });
    expect((await from("10.0.0.42, 192.0.2.1")).output).toMatchObject({
      address: "192.0.2.1",
      decision: { outcome: "block" },
    });
  });

  test.each([
    ["a logged-out user counts as anonymous", "users: { authenticated: true }", "staff", "block"],
    ["who stays signed in does not", "users: { authenticated: true }", "authenticated", "allow"],
    ["a function over users is asked on the server alone", "users: (user) => user !== undefined", "staff", "defer"],
  ])("shows the server's outcome for users: %s", async (_name, users, kind, outcome) => {
    const sites = `sites: { shop: { hosts: ["shop.example"] } }`;
    const config = `export default { ${sites}, exempt: { ${users} }, logOut: { staff: true, end() {} } };`;
    project.put("signed-in.config.js", config);
    await project.run("on", "shop");
    const line = ["https://shop.example/", "--user", kind, "--config", "signed-in.config.js"];
    expect((await project.json("explain", ...line)).output).toMatchObject({ decision: { outcome } });
  });

  test("respects an override", async () => {
    const { stdout } = await runBin(project.folder, { MAINTENANCE_MODE: "on" }, [
      "explain",
      "/",
      "--user",
      "anonymous",
    ]);
    expect(stdout).toContain("Blocked: an override keeps everything closed.");
  });

  test("refuses an unreadable state instead of using another", async () => {
    project.put(".maintenance/state.json", "garbage");
    expect((await project.run("explain", "/")).code).toBe(1);
    rmSync(project.stateFile);
  });
});

describe("preview", () => {
  test("shows the page and closes nothing", async () => {
    const { code, stdout } = await project.run(
      "preview",
      "shop",
      "--message",
      "Back <soon>",
      "--until",
      "2099-12-01T06:00:00Z",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("<!doctype html>");
    expect(stdout).toContain("Back &lt;soon&gt;");
    expect(stdout).toContain("2099-12-01T06:00:00Z");
    expect((await project.run("status")).code).toBe(0);
  });

  test("writes a language, text or JSON, into a file, during an override and regardless of Accept and redirects", async () => {
    project.put("maintenance.config.json", '{ "redirect": "/down", "responseType": "json", "jsonPaths": ["/*"] }');
    const text = await project.runWith({ MAINTENANCE_MODE: "on" }, "preview", "--type", "text", "--lang", "de");
    expect(text.stdout).toContain("Wartung");
    expect(text.stderr).toBe("Warning: Browsers would be redirected to /down instead.\n");
    const { output } = await project.json("preview", "--type", "json", "--message", "m", "--read-only");
    expect(output).toMatchObject({ site: "*", status: 503, type: "json" });
    expect(JSON.parse((output as { body: string }).body)).toMatchObject({ mode: "read-only", message: "m" });
    const file = await project.run("preview", "--out", "page.html");
    expect(file.stdout).toContain(`is in ${project.folder}/page.html; nothing was closed.`);
    expect(project.read("page.html")).toContain("<!doctype html>");
  });

  test("of a closed site shows its current page", async () => {
    await project.run("on", "shop", "--message", "Moving house", "--read-only");
    const { output } = await project.json("preview", "shop", "--type", "json");
    expect(JSON.parse((output as { body: string }).body)).toMatchObject({ mode: "read-only", message: "Moving house" });
  });
});
