import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requireService } from "../support/require-service.ts";
import { BIN, type CliProject, createCliProject } from "./cli-project.ts";

const PASSWORD = "correct horse battery";

let project: CliProject;
/** The process that was started last. */
let child: ChildProcess | null = null;
let children: ChildProcess[] = [];

beforeEach(() => {
  project = createCliProject();
});

afterEach(async () => {
  for (const started of children) {
    if (started.exitCode !== null || started.signalCode !== null) continue;
    started.kill("SIGKILL");
    await once(started, "exit");
  }
  child = null;
  children = [];
  project.remove();
});

interface Served {
  readonly url: string;
  /** Returns the output so far, of stdout and stderr. */
  written(): string;
}

/** Starts `serve` on a free port, and waits until it prints its URL. */
async function start(line: readonly string[], environment: Record<string, string> = {}): Promise<Served> {
  const started = spawn(process.execPath, [BIN, "serve", "--port", "0", ...line], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, HOME: project.folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  children.push(started);
  let written = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        written += text;
        const [, found] = /The admin is at (\S+)/.exec(written) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    started.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${written}`)));
  });
  return { url, written: () => written };
}

async function stop(signal: NodeJS.Signals): Promise<number | null> {
  if (child === null) return null;
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = await ended;
  return code;
}

describe("serve", () => {
  test("uses --trust-proxy for its own clients, and the configuration for visitors", async () => {
    const exempt = { addresses: ["203.0.113.7"] };
    project.put("maintenance.config.json", JSON.stringify({ trustProxy: ["10.0.0.0/8"], exempt }));
    const token = await project.json("token", "create", "--name", "ci", "--may", "view,switch");
    const { token: MAINTENANCE_TOKEN } = token.output as { readonly token: string };
    const { url } = await start(["--trust-proxy", "1"]);
    const forwarded = ["--header", "X-Forwarded-For: 203.0.113.7"];
    for (const [ip, address] of [
      ["192.0.2.1", "192.0.2.1"],
      ["10.0.0.1", "203.0.113.7"],
    ] as const) {
      const line = ["explain", "https://shop.example/", "--ip", ip, ...forwarded, "--if", "closed", "--json"];
      const here = await project.run(...line);
      const there = await project.runWith({ MAINTENANCE_TOKEN }, ...line, "--url", url);
      const decided = ({ stdout }: { readonly stdout: string }) => {
        const explained = JSON.parse(stdout);
        return [explained.address, explained.decision];
      };
      expect(decided(there)).toEqual(decided(here));
      expect(decided(here)[0]).toBe(address);
    }
    const headers = {
      Authorization: `Bearer ${MAINTENANCE_TOKEN}`,
      "Content-Type": "application/json",
      "X-Forwarded-For": "198.51.100.4",
    };
    const body = JSON.stringify({ sites: ["*"] });
    expect((await fetch(`${url}api/v1/close`, { method: "POST", headers, body })).status).toBe(200);
    const { output } = await project.json("history", "--limit", "1");
    expect(output).toMatchObject({ changes: [{ by: { from: "198.51.100.4" } }] });
  });

  test("switches the store's state by its API, and ends on a signal, including streams", async () => {
    const { url, written } = await start([], { MAINTENANCE_ADMIN_PASSWORD: PASSWORD });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await (await fetch(url)).text()).toContain('action="./sign-in"');
    const origin = new URL(url).origin;
    const signedIn = await fetch(`${url}api/v1/session`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({ password: PASSWORD }),
    });
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    const events = await fetch(`${url}api/v1/events`, { headers: { cookie } });
    const reader = events.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("event: health");
    const closed = await fetch(`${url}api/v1/close`, {
      method: "POST",
      headers: { origin, cookie, "content-type": "application/json" },
      body: JSON.stringify({ sites: ["shop"], reason: "moving" }),
    });
    expect(closed.status).toBe(200);
    expect((await project.run("status", "shop")).code).toBe(2);
    expect(await stop("SIGTERM")).toBe(0);
    expect(written()).toContain("Stopped.");
    expect(written()).toContain('closeSites on shop, because "moving"');
    expect(written()).not.toContain(PASSWORD);
  });

  test("a session is valid in every process over one store, and ending all sessions ends it in all", async () => {
    const [one, other] = [
      await start([], { MAINTENANCE_ADMIN_PASSWORD: PASSWORD }),
      await start([], { MAINTENANCE_ADMIN_PASSWORD: PASSWORD }),
    ];
    const signedIn = await fetch(`${one.url}api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: new URL(one.url).origin },
      body: JSON.stringify({ password: PASSWORD }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    const statusAt = async ({ url }: Served): Promise<number> =>
      (await fetch(`${url}api/v1/session`, { headers: { cookie } })).status;
    // The key of sessions is stored when the first session is created.
    await expect.poll(() => statusAt(other), { timeout: 15_000 }).toBe(200);
    const headers = { cookie, origin: new URL(other.url).origin };
    expect((await fetch(`${other.url}api/v1/sessions`, { method: "DELETE", headers })).status).toBe(204);
    await expect.poll(() => statusAt(one), { timeout: 15_000 }).toBe(401);
    expect(await statusAt(other)).toBe(401);
  });

  test("says what to set if no user can sign in, and ends with Ctrl+C", async () => {
    const { url, written } = await start(["--base-path", "/ops"]);
    expect(url).toMatch(/\/ops\/$/);
    expect(written()).toContain("No one can sign in yet. Set MAINTENANCE_ADMIN_PASSWORD");
    expect((await fetch(new URL("/", url))).status).toBe(404);
    expect((await fetch(`${url}api/v1/sites`)).status).toBe(401);
    expect(await stop("SIGINT")).toBe(0);
  });

  test.each([
    [["--port", "x"], "--port: 'x' is not a whole number."],
    [["--port", "70000"], "The server cannot listen on 127.0.0.1, port 70000"],
    [["--host", "192.0.2.1"], "The server cannot listen on 192.0.2.1"],
    [["--tls-cert", "cert.pem"], "--tls-cert and --tls-key go together"],
    [["--tls-cert", "no.pem", "--tls-key", "no.pem"], "--tls-cert: 'no.pem' cannot be read"],
    [["--base-path", "ops"], "'ops' is not a path"],
    [["--trust-proxy", "ngin"], "Did you mean 'nginx'?"],
    [["--trust-proxy", "foo"], "The presets are: aws-alb, cloudflare, fly, heroku, nginx, vercel."],
    [["--trust-proxy", "10.0.0.0/40"], "[ERR_INVALID_ADDRESS]"],
  ])("refuses %j and names the problem", async (line, message) => {
    const { code, stdout, stderr } = await project.run("serve", "--port", "0", ...line);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

requireService(
  "openssl",
  "apt-get install openssl",
  hasOpenssl,
)("serve with a certificate", () => {
  test("answers over https", async () => {
    const [cert, key] = [join(project.folder, "cert.pem"), join(project.folder, "key.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject],
      {
        stdio: "ignore",
      },
    );
    const { url } = await start(["--tls-cert", "cert.pem", "--tls-key", "key.pem"], {
      MAINTENANCE_ADMIN_PASSWORD: PASSWORD,
    });
    expect(url).toMatch(/^https:/);
    const ca = project.read("cert.pem");
    const ask = async (headers: Record<string, string>) =>
      await new Promise<IncomingMessage>((resolve, reject) => {
        request(`${url}api/v1/openapi.json`, { ca, headers, checkServerIdentity: () => undefined }, (response) =>
          resolve(response.resume()),
        )
          .once("error", reject)
          .end();
      });
    const answer = await ask({ host: "admin.example" });
    expect(answer.statusCode).toBe(200);
    // Browsers must use HTTPS for this host from now on, but not for a developer's other servers on localhost.
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
    expect((await ask({ host: "localhost:9000" })).headers["strict-transport-security"]).toBe(undefined);
  });
});
