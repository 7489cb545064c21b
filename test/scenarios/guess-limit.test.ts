import { createServer } from "node:http";
import { expect, test } from "vitest";
import { guard, nodeAdmin } from "../../src/adapters/node.ts";
import { createAdmin } from "../../src/admin/admin.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { RIGHTS } from "../../src/state/access-token.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { serve } from "../support/serve.ts";
import { runBin } from "./cli-project.ts";

const BY = { kind: "program", label: "test" } as const;

test("a client that uses up its attempts at bypass links is logged once, and shown by status and doctor", async () => {
  const warnings: string[] = [];
  const logger = { debug() {}, info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
  const options = { store: memoryStore(), logger };
  const [gate, controller] = [createGate(options), createController(options)];
  const admin = createAdmin({ gate, controller });
  const server = createServer(nodeAdmin(admin, (_request, response) => void response.end("hello")));
  guard(server, gate);
  const { token } = await controller.tokens.create({ name: "ops", may: RIGHTS, by: BY });
  await controller.links.create({ site: "*", label: "colleague", by: BY });
  await controller.execute({ type: "close" }, BY);
  await gate.ready();
  const served = await serve(server);
  const ask = async (...line: string[]) =>
    await runBin("/", { MAINTENANCE_TOKEN: token }, [...line, "--url", `${served.url}/maintenance/`]);
  try {
    expect((await ask("status")).stdout).not.toContain("guesses");
    expect((await ask("doctor")).stdout).not.toContain("guesses");
    for (let guess = 0; guess < 25; guess += 1) {
      expect((await fetch(`${served.url}/?maintenance-access=wrong${guess}`)).status).toBe(503);
    }
    const logged = warnings.filter((message) => message.includes("too many wrong tokens"));
    expect(logged).toEqual([expect.stringContaining("The client 127.0.0.1 has presented too many wrong tokens")]);
    const shown = "a client used up its guesses of bypass links, last on ";
    const hint = "To void every link: npx maintenance-mode link revoke --all";
    const status = await ask("status");
    expect(status.stdout).toContain(`Warning: ${shown}`);
    expect(status.stdout).toContain(hint);
    expect(JSON.parse((await ask("status", "--json")).stdout)).toMatchObject({ guessLimitReached: expect.any(String) });
    const doctor = await ask("doctor");
    expect(doctor.stdout).toContain(`! warn   links: ${shown}`);
    expect(doctor.stdout).toContain(hint);
    // Follows the hint.
    expect((await ask("link", "revoke", "--all")).code).toBe(0);
    expect((await ask("link", "list")).stdout).toContain("There is no link");
  } finally {
    admin.close();
    await served.close();
    await gate.close();
    await controller.dispose();
  }
});
