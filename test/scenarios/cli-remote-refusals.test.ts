import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { serve } from "../support/serve.ts";
import { fakeContext } from "../unit/cli/fake-context.ts";
import { type CliProject, createCliProject, runBin } from "./cli-project.ts";
import { type RemoteAdmin, remoteAdmin } from "./remote-admin.ts";

const OPTIONS: MaintenanceOptions = { sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } } };

let admin: RemoteAdmin;
let project: CliProject;
beforeEach(async () => {
  admin = await remoteAdmin(OPTIONS);
  project = createCliProject({});
});
afterEach(async () => {
  await admin.close();
  project.remove();
});

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line inside the tests' process. */
async function here(env: Record<string, string>, ...line: string[]): Promise<Told> {
  const now = new Date().toISOString();
  const context = fakeContext({ cwd: project.folder, isInteractive: false, env, now });
  return { code: await run(context, line), ...context.written };
}

async function asked(token: string, ...line: string[]): Promise<Told> {
  const told = await here({ MAINTENANCE_URL: admin.url, MAINTENANCE_TOKEN: token }, ...line);
  expect(told.stdout + told.stderr).not.toContain(token);
  return told;
}

test("the real command line closes a site over HTTP, shows it, and opens it again", async () => {
  const token = await admin.createToken();
  const spawned = (given: Record<string, string>, ...line: string[]) => runBin(project.folder, given, line);
  const env = { MAINTENANCE_TOKEN: token };
  const on = await spawned(env, "on", "shop", "--message", "Back at nine", "--url", admin.url);
  expect(on).toMatchObject({ code: 0, stdout: expect.stringContaining("shop is closed now, in "), stderr: "" });
  expect((await admin.controller.state()).records.get("shop")).toMatchObject({ mode: "closed" });
  const status = await spawned({ ...env, MAINTENANCE_URL: admin.url }, "status", "shop", "--json");
  expect(status.code).toBe(2);
  expect(JSON.parse(status.stdout)).toMatchObject({ url: admin.url, sites: [{ id: "shop", mode: "closed" }] });
  expect((await spawned(env, "off", "shop", "--url", admin.url)).code).toBe(0);
  await admin.stop();
  const gone = await spawned(env, "off", "shop", "--url", admin.url, "--json");
  expect(gone).toMatchObject({ code: 1, stdout: "" });
  expect(JSON.parse(gone.stderr).error).toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    message: `The admin at ${admin.url} cannot be reached: no server listens at that port.`,
  });
  expect([on, status, gone].flatMap(({ stdout, stderr }) => [stdout, stderr]).join("")).not.toContain(token);
});

describe("a token without the right", () => {
  test("gets the missing right and the site in the error, and nothing is written", async () => {
    const token = await admin.createToken({ may: ["view", "switch"], sites: ["shop"] });
    expect((await asked(token, "on", "shop")).code).toBe(0);
    const { version } = await admin.controller.state();
    for (const [line, right, where] of [
      ["on blog", "switch", "'blog'"],
      ["on shop blog", "switch", "'blog'"],
      ["on", "switch", "everything (*)"],
      ["exempt add --site shop --ip 10.0.0.1", "edit", "'shop'"],
      ["sites add docs", "edit", "everything (*)"],
      ["link create --label QA --site shop", "links", "'shop'"],
      ["token create --name x --may view", "access", "everything (*)"],
      ["sessions end", "access", "everything (*)"],
    ] as const) {
      const { code, stderr } = await asked(token, ...line.split(" "));
      expect({ line, code }).toEqual({ line, code: 1 });
      expect(stderr).toContain(`'ops' does not have the right '${right}' on ${where}. [ERR_FORBIDDEN]`);
    }
    expect((await admin.controller.state()).version).toBe(version);
  });

  test("sees its site as visitors do, closed with everything, and nothing of the others", async () => {
    const by = { kind: "program", label: "test" } as const;
    await admin.controller.execute({ type: "close", sites: ["blog"], message: "Hidden plans" }, by);
    await admin.controller.execute({ type: "close", reason: "secret reason" }, by);
    const token = await admin.createToken({ may: ["view"], sites: ["shop"] });
    const { code, stdout } = await asked(token, "status", "shop");
    expect({ code, line: /^shop .*$/m.exec(stdout)?.[0] }).toMatchObject({
      code: 2,
      line: expect.stringMatching(/closed \(with \*\)/),
    });
    const told = await asked(token, "history", "--json");
    expect(JSON.parse(told.stdout)).toEqual({ changes: [] });
    expect((await asked(token, "history", "--site", "blog")).stderr).toContain("[ERR_FORBIDDEN]");
    expect((await asked(token, "status", "blog")).stderr).toContain("There is no site 'blog'.");
    expect(admin.sent.join("\n")).not.toMatch(/Hidden plans|secret reason|blog\.example/);
  });
});

describe("the command is refused", () => {
  test("with a wrong or missing token, or one on the command line", async () => {
    const wrong = await asked("mm_wrongwrongwrong", "status");
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The token is wrong, or was revoked. [ERR_UNAUTHENTICATED]"),
    });
    const missing = await here({ MAINTENANCE_URL: admin.url }, "status");
    expect(missing.stderr).toContain("MAINTENANCE_TOKEN is not set");
    expect(missing.stderr).toContain("token create");
    for (const argument of [["--token", "mm_abcdef"], ["--token=mm_abcdef"]]) {
      const { code, stderr } = await here({}, "on", "shop", "--url", admin.url, ...argument);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("A token cannot be an argument"),
      });
      expect(stderr).toContain("Set MAINTENANCE_TOKEN");
      expect(stderr).not.toContain("mm_abcdef");
    }
  });

  test("for every switch while an override is set on the server, in the words of the server", async () => {
    const overridden = await remoteAdmin({ ...OPTIONS, override: "on" });
    const env = { MAINTENANCE_URL: overridden.url, MAINTENANCE_TOKEN: await overridden.createToken() };
    const { code, stderr } = await here(env, "off");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `'open' is refused: override: "on" in the configuration overrides the store. [ERR_OVERRIDDEN]`,
      ),
    });
    expect((await here(env, "status")).stdout).toContain(`Override: override: "on" in the configuration decides`);
    expect((await here(env, "doctor")).stdout).toContain("every switch is refused");
    await overridden.close();
  });

  test.each([
    ["run -- true", "it holds the site in the store itself"],
    ["init", "it writes a configuration file in this folder"],
    ["migrate", "it creates tables in the store itself"],
    ["copy --to file:x.json", "it needs the stores themselves"],
    ["serve", "it is the admin"],
  ])("for '%s', with the reason", async (line, reason) => {
    const { code, stderr } = await here({}, "--url", admin.url, ...line.split(" "));
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`takes no --url: ${reason}`) });
  });

  test("for plain http, and for --url together with --config", async () => {
    const http = await here({ MAINTENANCE_TOKEN: "mm_x" }, "status", "--url", "http://ops.example/maintenance/");
    expect(http.stderr).toContain("ops.example is reached without encryption");
    const twice = await here({}, "status", "--url", admin.url, "--config", "x.json");
    expect(twice.stderr).toContain("cannot be used with option '--config <path>'");
  });

  test("for a certificate of an unknown authority", async () => {
    const [key, cert] = [join(project.folder, "key.pem"), join(project.folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const size = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...size, "-keyout", key, "-out", cert, ...subject], { stdio: "pipe" });
    const server = await serve(createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }));
    const url = `https://localhost:${new URL(server.url).port}/maintenance/`;
    const { stderr } = await here({ MAINTENANCE_TOKEN: "mm_x" }, "status", "--url", url);
    expect(stderr).toContain(`The admin at ${url} cannot be reached: its certificate is self-signed.`);
    expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
    await server.close();
  });
});

describe("the choice of the place", () => {
  test("ignores the environment of this shell for an override", async () => {
    const env = { MAINTENANCE_URL: admin.url, MAINTENANCE_TOKEN: await admin.createToken(), MAINTENANCE_MODE: "on" };
    const { code, stdout } = await here(env, "status", "--json");
    expect({ code, status: JSON.parse(stdout) }).toMatchObject({ code: 0, status: { override: null } });
    expect((await here(env, "on", "shop")).code).toBe(0);
  });

  test("prefers --url to the environment, and a named configuration to both", async () => {
    const env = { MAINTENANCE_URL: "http://localhost:1/", MAINTENANCE_TOKEN: await admin.createToken() };
    expect((await here(env, "sites", "list", "--url", admin.url.slice(0, -1))).code).toBe(0);
    const config = project.put("maintenance.config.json", JSON.stringify(OPTIONS));
    expect((await project.runWith(env, "sites", "list", "--config", config)).code).toBe(0);
    expect((await here(env, "sites", "list")).stderr).toContain("The admin at http://localhost:1/ cannot be reached");
    // `on` would close sites there, and `run` must not close those of another store instead.
    const ran = await here(env, "run", "shop", "--", "true");
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("'run' takes no MAINTENANCE_URL: it holds") });
    expect(ran.stderr).toContain("on --wait --url");
    const meant = await project.runWith(env, "run", "shop", "--config", config, "--", "true");
    expect(meant.stderr).not.toContain("MAINTENANCE_URL");
    // A command that works on the local folder ignores MAINTENANCE_URL.
    expect((await here(env, "init", "--dry-run")).stderr).not.toContain("--url");
  });
});

test("doctor shows who you are, your rights, and the state of the server", async () => {
  const all = await asked(await admin.createToken({ may: ["view", "switch"] }), "doctor");
  expect(all.code).toBe(0);
  expect(all.stdout).toContain(`admin: ${admin.url} answers`);
  expect(all.stdout).toContain("you: 'ops', and may view, switch on every site");
  expect(all.stdout).toContain("clock: the same here and on the server");
  expect(all.stdout).toMatch(/server: (?:live|polling), at version \d/);
  expect(all.stdout).toContain(`store: file ${admin.stateFile}`);
  const some = await asked(await admin.createToken({ may: ["view"], sites: ["shop"] }), "doctor");
  expect(some.stdout).toContain("you: 'ops', and may view on shop");
  const late = fakeContext({
    cwd: project.folder,
    env: { MAINTENANCE_URL: admin.url, MAINTENANCE_TOKEN: await admin.createToken() },
    now: "2020-01-01T00:00:00Z",
  });
  await run(late, ["doctor"]);
  expect(late.written.stdout).toMatch(
    /! warn {3}clock: the clock of the server shows .*, and the one here \w+day 1 January 2020/,
  );
  const wrong = await asked("mm_wrongwrongwrong", "doctor");
  expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining("✗ error  admin: The token is wrong") });
});
