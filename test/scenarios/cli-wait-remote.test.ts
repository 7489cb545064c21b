import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeAdmin } from "../../src/adapters/node.ts";
import { fileStore } from "../../src/stores/file.ts";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import type { Store } from "../../src/stores/store.ts";
import { createTcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { membersOf } from "../support/barriers.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NGINX, NGINX, startNginx } from "../support/servers/nginx.ts";
import { type AdminServer, adminServer } from "./admin-server.ts";
import { BIN } from "./cli-project.ts";

const STORES: Readonly<Record<string, (folder: string) => Store>> = {
  file: (folder) => fileStore({ path: join(folder, "state.json") }),
  SQLite: (folder) => sqliteStore({ path: join(folder, "state.db") }),
};

let folder: string;
let store: Store;
let server: AdminServer;
let token: string;
let requests: string[];
let running: ChildProcess | null = null;

async function setUp(kind: string): Promise<void> {
  store = STORES[kind]?.(folder) ?? fileStore({ path: join(folder, "state.json") });
  server = await adminServer({
    listen({ admin }) {
      const listener = nodeAdmin(admin);
      return (request, response) => {
        requests.push(`${request.method} ${request.url}`);
        listener(request, response);
      };
    },
    options: { store, sites: { shop: { hosts: ["shop.example"] } }, label: "web-1", exempt: { wellKnownPaths: [] } },
  });
  await server.gate.ready();
  token = (await server.controller.tokens.create({ name: "ci", may: ["view", "switch"] })).token;
  await server.gate.refresh();
}

beforeEach(() => {
  requests = [];
  folder = mkdtempSync(join(tmpdir(), "wait-remote-"));
});
afterEach(async () => {
  running?.kill("SIGKILL");
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly written: { stdout: string; stderr: string };
  /** Resolves when it has written the text. */
  says(text: string, where?: "stdout" | "stderr"): Promise<void>;
  readonly code: Promise<number | null>;
}

/** Starts the command line in a process of its own, in an empty folder: it has no configuration and no store. */
function start(line: readonly string[], url = server.url): Running {
  const env = { ...process.env, MAINTENANCE_URL: `${url}/maintenance/`, MAINTENANCE_TOKEN: token };
  const child = spawn(process.execPath, [BIN, ...line], { cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
  running = child;
  const written = { stdout: "", stderr: "" };
  let listener = (): void => {};
  child.stdout.on("data", (chunk) => {
    written.stdout += chunk;
    listener();
  });
  child.stderr.on("data", (chunk) => {
    written.stderr += chunk;
    listener();
  });
  const code = once(child, "close").then(([it]) => it);
  const says = (text: string, where: "stdout" | "stderr" = "stdout") =>
    new Promise<void>((resolve, reject) => {
      listener = () => written[where].includes(text) && resolve();
      listener();
      void code.then((it) => reject(new Error(`It has ended with ${it}: ${written.stdout}${written.stderr}`)));
    });
  return { child, written, says, code };
}

const linesOf = ({ written }: Running) =>
  written.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const modeOf = async (site = "shop") => (await server.controller.state()).records.get(site)?.mode ?? "open";

/** Resolves when the server has removed the barrier. */
async function untilFree(): Promise<void> {
  while ((await membersOf(store).list()).barriers.length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe.each(Object.keys(STORES))("on --wait over an admin with the store %s", (kind) => {
  beforeEach(() => setUp(kind));

  test("0: closed and drained, with the progress and the change as over the store", async () => {
    const on = start(["on", "shop", "--wait", "--expect", "1", "--message", "Back at nine"]);
    expect({ code: await on.code, stderr: on.written.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("Waiting for the processes. 1 process: 1 closed and drained\n"),
    });
    expect(on.written.stdout).toMatch(/^shop is closed now, in (file|SQLite) /);
    expect(on.written.stdout).toContain("Closed and drained.");
    expect(on.written.stdout).toContain("1 process: 1 closed and drained.");
    expect(await modeOf()).toBe("closed");
    expect((await membersOf(store).list()).barriers).toEqual([]);
  });

  test("6: names the process and its work", async () => {
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const on = start(["on", "shop", "--wait", "--expect", "1", "--timeout", "4s"]);
    expect(await on.code).toBe(6);
    expect(on.written.stdout).toContain("Not proved: the sites are closed.");
    expect(on.written.stdout).toMatch(/web-1 pid \d+ on \S+: 1 request, oldest \d+ s, nightly export\./);
    expect(await modeOf()).toBe("closed");
  });

  test("7: another operator opens the site meanwhile", async () => {
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const on = start(["on", "shop", "--wait", "--expect", "1", "--json"]);
    await on.says('"standing":"draining"');
    await server.controller.open("shop");
    expect(await on.code).toBe(7);
    expect(linesOf(on).at(-1)).toMatchObject({
      event: "result",
      command: "on",
      wait: { exit: 7, reasons: [{ kind: "opened", site: "shop" }] },
    });
  });
});

describe("on --wait over an admin", () => {
  beforeEach(() => setUp("file"));

  test("everything is closed, and the request that waits is not waited for, nor cut", async () => {
    const on = start(["on", "--wait", "--expect", "1", "--streams", "destroy", "--cut", "1s"]);
    expect({ code: await on.code, ...on.written }).toMatchObject({ code: 0 });
    expect(await modeOf("*")).toBe("closed");
  });

  test.each(["SIGINT", "SIGKILL"] as const)("%s of the command ends the wait on the server", async (signal) => {
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const on = start(["on", "shop", "--wait", "--json"]);
    await on.says('"standing":"draining"');
    on.child.kill(signal);
    expect(await on.code).toBe(signal === "SIGINT" ? 130 : null);
    await untilFree();
    expect(await modeOf()).toBe("closed");
    if (signal === "SIGKILL") return;
    expect(linesOf(on).at(-1)).toMatchObject({
      event: "result",
      wait: { exit: 6, closed: "unknown", interrupted: true },
    });
  });

  test("a connection that breaks is 6, and says what to do", async () => {
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const { hostname: host, port } = new URL(server.url);
    const proxy = await createTcpProxy({ to: { host, port: Number(port) } });
    try {
      const on = start(["on", "shop", "--wait"], `http://127.0.0.1:${proxy.port}`);
      await on.says("Waiting for the processes.", "stderr");
      proxy.cut();
      expect(await on.code).toBe(6);
      expect(on.written.stdout).toContain("Not proved: the sites are closed, or not.");
      // The server may be gone, and a second command would close what another operator has opened.
      expect(requests.at(-1)).toMatch(/^POST .*close-and-wait$/);
      expect(on.written.stdout).toMatch(/The result is not known\. .*look at `status`, or repeat the command/);
      await untilFree();
    } finally {
      await proxy.close();
    }
  });

  test("the end of the server is 6, with what it had found", async () => {
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const on = start(["on", "shop", "--wait", "--json"]);
    await on.says('"standing":"draining"');
    server.admin.close();
    expect(await on.code).toBe(6);
    expect(requests.at(-1)).toMatch(/^POST .*close-and-wait$/);
    expect(linesOf(on).at(-1)).toMatchObject({ event: "result", wait: { exit: 6, closed: true, interrupted: true } });
  });

  test("refusals are errors: nothing was done", async () => {
    const wrong = start(["on", "shop", "--wait", "--timeout", "soon"]);
    expect(await wrong.code).toBe(1);
    expect(wrong.written.stderr).toMatch(/timeout: 'soon' is not a duration\. \[ERR_INVALID_TIME\]/);
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const first = start(["on", "shop", "--wait", "--json"]);
    await first.says('"standing":"draining"');
    const second = start(["on", "shop", "--wait"]);
    expect(await second.code).toBe(1);
    expect(second.written.stderr).toMatch(/Held by 'ci' on \S+ \(pid \d+\): shop\. \[ERR_HELD\]/);
    first.child.kill("SIGKILL");
    await first.code;
    const run = start(["run", "shop", "--wait", "--url", `${server.url}/maintenance/`, "--", "true"]);
    expect(await run.code).toBe(1);
    expect(run.written.stderr).toContain("or close with `on --wait --url`, run the command, and open with `off --url`");
  });
});

requireService(
  "nginx",
  INSTALL_NGINX,
  NGINX !== null,
)("on --wait behind an nginx that buffers, compresses and gives up after five seconds", () => {
  test("shows the progress as it comes, and its end ends the wait", async () => {
    await setUp("file");
    using _job = server.gate.hold("nightly export", { site: "shop" });
    const nginx = await startNginx({
      http: "gzip on; gzip_proxied any; gzip_types *;",
      server: `location / { proxy_pass ${server.url}; proxy_read_timeout 5s; }`,
    });
    try {
      const on = start(["on", "shop", "--wait", "--json"], nginx.url);
      await on.says('"standing":"draining"');
      on.child.kill("SIGKILL");
      await on.code;
      await untilFree();
    } finally {
      await nginx.stop();
    }
  });
});
