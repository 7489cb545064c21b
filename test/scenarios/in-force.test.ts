import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAdmin } from "../../src/admin/admin.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { fileStore } from "../../src/stores/file.ts";
import { prometheusText } from "../../src/telemetry/prometheus.ts";
import { type CliProject, createCliProject } from "./cli-project.ts";

// Everything that reports what is in force for a site must report the same.

let project: CliProject;
let gate: Gate;
const events: object[] = [];

beforeAll(async () => {
  project = createCliProject();
  const store = fileStore({ path: project.stateFile });
  gate = createGate({ ...JSON.parse(project.read("maintenance.config.json")), store });
  gate.subscribe((event) => event.type === "switched" && events.push(event));
  await gate.ready();
});

afterAll(async () => {
  await gate.close();
  project.remove();
});

async function answers(site: string): Promise<Readonly<Record<string, unknown>>> {
  await gate.refresh();
  const { output } = await project.json("status", site);
  const [listed] = (output as { sites: { mode: string; only: string[] }[] }).sites;
  const controller = createController({ store: fileStore({ path: project.stateFile }) });
  const admin = createAdmin({ gate, controller, authorize: () => ({ name: "root", may: () => true }) });
  const response = await admin.fetch(new Request(`http://admin.example/maintenance/api/v1/sites/${site}`));
  const { inForce } = JSON.parse(await response.text());
  admin.close();
  return {
    gate: [gate.mode(site), gate.isClosed(site)],
    health: gate.status().sites.find(({ id }) => id === site),
    status: [listed?.mode, listed?.only],
    admin: [inForce.mode, inForce.only],
    metric: prometheusText(gate).includes(`maintenance_mode{site="${site}",mode="closed"} 1`),
  };
}

describe("a site with a closed part", () => {
  test("is closed everywhere, with the part named, and a single path can be asked for", async () => {
    const { stdout } = await project.run("on", "shop", "--only", "/checkout/*");
    expect(stdout).toContain("Only /checkout/* is affected");
    const only = ["/checkout/*"];
    expect(await answers("shop")).toEqual({
      gate: ["closed", true],
      health: { id: "shop", mode: "closed", only },
      status: ["closed", only],
      admin: ["closed", only],
      metric: true,
    });
    expect(gate.mode("shop", "/")).toBe("open");
    expect(gate.isClosed("shop", "/checkout/pay")).toBe(true);
    expect(events).toMatchObject([{ site: "shop", from: "open", to: "closed", only }]);
    const status = await project.run("status");
    expect(status.stdout).toContain("closed (only /checkout/*)");
    expect(status.code).toBe(2);
  });

  test("emits another switch when all of it is closed", async () => {
    const { stdout } = await project.run("off", "shop");
    expect(stdout).toContain("shop is open now, in ");
    await project.run("on", "shop");
    expect(await answers("shop")).toMatchObject({ gate: ["closed", true], status: ["closed", []] });
    expect(gate.isClosed("shop", "/")).toBe(true);
    expect(gate.isClosed("blog")).toBe(false);
    await project.run("off", "shop");
  });
});

test("the reason in status is that of the last change with a reason", async () => {
  const reason = async (): Promise<unknown> => {
    const { output } = await project.json("status", "shop");
    return (output as { sites: { reason: string }[] }).sites[0]?.reason;
  };
  await project.run("on", "shop", "--reason", "disk full");
  expect(await reason()).toBe("disk full");
  const again = await project.run("on", "shop", "--reason", "deploy");
  expect(again.stdout).toContain('Changed now: reason: "deploy".');
  expect(await reason()).toBe("deploy");
  expect((await project.run("status", "shop")).stdout).toContain("deploy");
  expect((await project.run("on", "shop", "--reason", "deploy")).stdout).toContain("nothing changed");
  await project.run("on", "shop", "--message", "Back at nine");
  expect(await reason()).toBe("deploy");
});
