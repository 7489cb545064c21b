import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliInProcess, cliInProcess } from "./cli-in-process.ts";

let cli: CliInProcess;

beforeEach(() => {
  cli = cliInProcess();
});

afterEach(() => cli.remove());

describe("an error names the thing, the value and the fix, and nothing is written", () => {
  test.each([
    [["on", "--mesage", "x"], "Unknown option '--mesage'.", "Did you mean '--message'?"],
    [["on", "--site", "shop"], "Unknown option '--site'.", "The site is an argument: maintenance-mode on SITE"],
    [["off", "--site=shop"], "Unknown option '--site=shop'.", "The site is an argument: maintenance-mode off SITE"],
    [["sites", "show", "--site", "x"], "Unknown option '--site'.", "is an argument: maintenance-mode sites show SITE"],
    [["doctor", "--site", "shop"], "Unknown option '--site'.", "See: maintenance-mode doctor --help"],
    [["link", "revoke", "abc"], "There is no link 'abc'.", "There are no links."],
    [["token", "revoke", "abc"], "There is no token 'abc'.", "There are no tokens."],
    [["onn"], "Unknown command 'onn'.", "Did you mean 'on'?"],
    [["sites", "lst"], "Unknown command 'lst'.", "Did you mean 'list'?"],
    [["on", "--until"], "Option '--until <when>' argument missing.", "See: maintenance-mode on --help"],
    [["on", "--until", "22:00", "--for", "2h"], "cannot be used with option '--for <duration>'", "on --help"],
    [["on", "--until", "gestern"], "'gestern' is not a time. [ERR_INVALID_TIME]", "Write a time such as '22:00'"],
    [
      ["on", "--until", "2020-01-01 10:00"],
      "is in the past: Wednesday 1 January 2020, 10:00 Europe/Berlin (",
      "Write a time",
    ],
    [["on", "--for", "forever"], "'forever' is not a duration. [ERR_INVALID_TIME]", "Write '90s'"],
    [["on", "--for", "never"], "'never' is not a duration.", "Write '90s'"],
    [["on", "--status-code", "2oo"], "--status-code: '2oo' is not a whole number. [ERR_INVALID_STATUS]", "400 to 599"],
    [["on", "--status-code", "200"], "200 is not a status for a closed site. [ERR_INVALID_STATUS]", "400 to 599"],
    [
      ["on", "--retry-after", "soon"],
      "--retry-after: 'soon' is not a whole number. [ERR_INVALID_OPTION]",
      "such as 60",
    ],
    [["on", "--allow-ip", "10.0.0.0/40"], "'10.0.0.0/40'", "[ERR_INVALID_ADDRESS]"],
    [["on", "--allow-path", "health"], "'health'", "Write '/health'."],
    [["on", "--only", "re:("], "[ERR_INVALID_PATTERN]", "re:("],
    [["on", "--redirect", "//evil.example"], "'//evil.example' is not a link.", "absolute URL"],
    [["on", "--redirect", "/a\nb"], "[ERR_INVALID_HEADER]", "Remove line breaks"],
    [["on", "--more-url", "javascript:alert(1)"], "'javascript:alert(1)' is not a link.", "http://"],
    [["on", "SHOP"], "'SHOP' is not a site id. [ERR_INVALID_SITE_ID]", "Write it in lower case: 'shop'."],
    [["sites", "add", "x", "--host", "https://x.example/"], "[ERR_INVALID_HOST]", "Write 'x.example'."],
    [["sites", "add", "x", "--host", "shop.example"], "'shop.example' belongs to the site 'shop'.", "Leave it to one"],
    [["sites", "add", "shop"], "The site 'shop' already exists.", "Choose another id"],
    [["sites", "remove", "shop"], "[ERR_SITE_CONFIGURED]", "Remove it from the configuration's `sites` first."],
    [["sites", "show", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["exempt", "add"], "No exemption is named.", "--ip ADDRESS"],
    [
      ["exempt", "remove", "--ip", "10.0.0.1"],
      "'10.0.0.1' is not among the exemptions.",
      "There are no exempt addresses.",
    ],
    [["exempt", "list", "--site", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["history", "--site", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["history", "--limit", "0"], "--limit: 0 is out of range.", "Use 1 to 1000."],
    [["explain", "shop.example"], "'shop.example' is not a URL.", "'https://shop.example/cart'"],
    [["explain", "/", "--ip", "10.1"], "'10.1' is not an address.", "[ERR_INVALID_ADDRESS]"],
    [["explain", "/", "--header", "Accept"], "'Accept' is not a header.", "Write it as"],
    [["explain", "/", "--method", "G ET"], "'G ET' is not a method.", "'POST'"],
    [
      ["explain", "/", "--user", "king"],
      "'king' is invalid. Allowed choices are anonymous",
      "See: maintenance-mode explain --help",
    ],
    [["preview", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["preview", "--lang", "de de"], "'de de' is not a language tag.", "pt-BR"],
    [["preview", "--out", "no/such/folder.html"], "no/such/folder.html' cannot be written", "Name a file"],
  ])("%j", async (line, message, hint) => {
    const { code, written } = await cli.start(line);
    const { stdout, stderr } = written;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^Error: .* \[ERR_[A-Z_]+\]\n.+\n$/s);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(existsSync(cli.stateFile)).toBe(false);
  });
});

describe("an invalid value", () => {
  test.each([
    [["on", "--allow-ip", "10.0.0.999"], "--allow-ip: "],
    [["on", "--allow-path", "foo"], "--allow-path: "],
    [["on", "--only", "foo"], "--only: "],
    [["on", "--status-code", "200"], "--status-code: "],
    [["on", "--redirect", "foo"], "--redirect: "],
    [["on", "--more-url", "foo"], "--more-url: "],
    [["on", "--reason", "x".repeat(501)], "--reason: "],
    [["exempt", "add", "--ip", "x"], "--ip: "],
    [["exempt", "add", "--path", "x"], "--path: "],
    [["exempt", "add", "--path", "/x", "--description", "x".repeat(501)], "--description: "],
    [["token", "create", "--name", "ci", "--may", "fly"], "--may: "],
    [["token", "create", "--name", "x".repeat(300), "--may", "view"], "--name: "],
    [["link", "create", "--label", "x".repeat(300)], "--label: "],
  ])("is named by its option: %j", async (line, option) => {
    const { written } = await cli.start(line);
    expect(written.stderr.split("\n").find((text) => text.startsWith("Error:"))).toContain(`Error: ${option}`);
  });
});

describe("an unknown site that resembles no other", () => {
  test.each([
    [["sites", "remove", "x"]],
    [["sites", "show", "x"]],
    [["status", "x"]],
    [["off", "x"]],
    [["preview", "x"]],
    [["link", "list", "x"]],
    [["link", "revoke", "--all", "--site", "x"]],
    [["exempt", "list", "--site", "x"]],
    [["exempt", "remove", "--path", "/a", "--site", "x"]],
  ])("gets a list of the known sites: %j", async (line) => {
    const { code, written } = await cli.start(line);
    expect({ code, error: written.stderr }).toEqual({
      code: 1,
      error: "Error: There is no site 'x'. [ERR_UNKNOWN_SITE]\nKnown sites: *, shop.\n",
    });
  });

  test.each([
    [["on", "x"]],
    [["exempt", "add", "--path", "/a", "--site", "x"]],
    [["link", "create", "--label", "QA", "--site", "x"]],
    [["token", "create", "--name", "ci", "--may", "view", "--site", "x"]],
  ])("also gets the command that adds it, where that makes sense: %j", async (line) => {
    const { written } = await cli.start(line);
    expect(written.stderr).toContain(
      "Known sites: *, shop. Add it with: npx maintenance-mode sites add x --host HOST\n",
    );
  });
});
