import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { fileStore } from "../../src/stores/file.ts";
import { requestFacts } from "../support/request-facts.ts";
import { type CliProject, createCliProject } from "./cli-project.ts";

const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
const BY = { kind: "program", label: "test" } as const;

interface Created {
  readonly id: string;
  readonly query: string;
}

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

async function create(...line: string[]): Promise<Created> {
  const { output } = await project.json("link", "create", ...line);
  return output as Created;
}

/** Returns the decision of an application's gate over the same state. */
async function outcomeAt(host: string, target: string): Promise<string> {
  const store = fileStore({ path: project.stateFile });
  const gate = createGate({ store, sites: SITES });
  await gate.ready();
  const { outcome } = gateInternals(gate).decide(requestFacts({ host, target }));
  await gate.close();
  await store.close();
  return outcome;
}

test("a link to a local host is not printed as a URL, because its port is unknown", async () => {
  project.put("maintenance.config.json", JSON.stringify({ sites: { shop: { hosts: ["shop.localhost"] } } }));
  const { stdout } = await project.run("link", "create", "--label", "QA", "--site", "shop");
  expect(stdout).toMatch(/^ {2}\?maintenance-access=[\w-]{43}\nAdd it to any address of shop\.$/m);
});

test("a link is printed once, lets in, and is refused after it is revoked", async () => {
  await project.run("on");
  const made = await project.run("link", "create", "--label", "QA", "--expires", "2h", "--site", "shop");
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const [, query = "", token = ""] =
    /^ {2}https:\/\/shop\.example\/\?(maintenance-access=([\w-]{43}))$/m.exec(made.stdout) ?? [];
  expect(made.stdout).toMatch(/^Until \w+day \d+ \w+ \d{4}, \d\d:\d\d Europe\/Berlin \(in [^;]+; \S+Z\)\.$/m);
  expect(made.stdout).toContain("It is shown only this once");
  const id = /^To revoke it: maintenance-mode link revoke (\S{8})$/m.exec(made.stdout)?.[1] ?? "";

  expect(await outcomeAt("shop.example", `/cart?${query}`)).toBe("admit");
  expect(await outcomeAt("blog.example", `/?${query}`)).toBe("block");
  expect((await project.run("link", "list", "shop")).stdout).toMatch(
    new RegExp(`^${id} +shop +QA +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +\\d{4}.* by .+ \\(cli\\)$`, "m"),
  );

  expect((await project.run("link", "revoke", id, "--dry-run")).stdout).toContain("Dry run: nothing was written.");
  expect(await outcomeAt("shop.example", `/?${query}`)).toBe("admit");
  const revoked = await project.run("link", "revoke", id);
  expect(revoked).toMatchObject({ code: 0, stderr: "" });
  expect(revoked.stdout).toContain(`No longer let into shop: ${id} ("QA")`);
  expect(await outcomeAt("shop.example", `/?${query}`)).toBe("block");
  expect((await project.run("link", "list")).stdout).toContain("There is no link.");
  expect(token).toHaveLength(43);
});

test("the token is in no file and no answer, and no answer has the hash or the key", async () => {
  const { id, query } = await create("--label", "QA", "--site", "shop", "--reason", "opening");
  const token = query.replace("maintenance-access=", "");
  expect(token).toHaveLength(43);
  const folder = dirname(project.stateFile);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  const stored = files.map((it) => readFileSync(join(it.parentPath, it.name), "utf8")).join("\n");
  expect(stored).toContain(id);
  expect(stored).not.toContain(token);

  const store = fileStore({ path: project.stateFile });
  const link = (await createController({ store }).state()).records.get("shop")?.links[0];
  await store.close();
  const { output: listed } = await project.json("link", "list");
  expect(listed).toEqual({
    links: [
      { id, site: "shop", label: "QA", expires: null, created: { at: expect.any(String), by: expect.any(Object) } },
    ],
  });
  const { output: history } = await project.json("history");
  expect(history).toMatchObject({ changes: [{ command: "add-link", reason: "opening" }] });
  const { output: revoked } = await project.json("link", "revoke", id);
  const answers = JSON.stringify([listed, history, revoked]);
  for (const secret of [token, link?.hash, link?.key]) {
    expect(secret).toHaveLength(43);
    expect(answers).not.toContain(secret);
  }
});

test("without a site a link opens all sites, and all links are revoked at once", async () => {
  await project.run("on");
  const everywhere = await project.run("link", "create", "--label", "all", "--expires", "never");
  expect(everywhere.stdout).toMatch(/^ {2}\?maintenance-access=[\w-]{43}\nAdd it to any address of any site\.$/m);
  expect(everywhere.stdout).toContain("Until it is revoked.");
  const shop = await create("--label", "one", "--site", "shop");
  const blog = await create("--label", "two", "--site", "blog");
  const { output } = await project.json("link", "list", "shop");
  expect(output).toMatchObject({ links: [{ site: "*" }, { site: "shop", id: shop.id }] });
  expect((await project.run("link", "revoke", "--all", "--site", "shop")).code).toBe(0);
  expect((await project.json("link", "list")).output).toMatchObject({ links: [{ site: "*" }, { id: blog.id }] });
  expect((await project.json("link", "revoke", "--all")).output).toMatchObject({
    outcomes: [
      { site: "*", after: { links: [] } },
      { site: "blog", after: { links: [] } },
    ],
  });
  expect(await outcomeAt("blog.example", `/?${blog.query}`)).toBe("block");
  expect((await project.run("link", "revoke", "--all")).stdout).toBe("There is no link: nothing changed.\n");
});

test("an id can begin with a hyphen", async () => {
  const store = fileStore({ path: project.stateFile });
  const link = { id: "-aB_3-xY", label: "QA", hash: "h".repeat(43), key: "k".repeat(43), expires: null };
  await createController({ store }).execute({ type: "add-link", link }, BY);
  await store.close();
  expect(await project.run("link", "revoke", link.id)).toMatchObject({ code: 0, stderr: "" });
});

test("an error names what is wrong, and no link is created or revoked", async () => {
  const { id } = await create("--label", "QA", "--site", "shop");
  const mistakes: [line: string[], message: string, hint: string][] = [
    [["create"], "equired option '--label <text>'", "link create --help"],
    [["create", "--label", "x", "--site", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["create", "--label", "x", "--expires", "2020-01-01 10:00"], "is in the past", "Write a time"],
    [["list", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["revoke"], "No id of a link is given.", "--all"],
    [["revoke", id, "--all"], "Ids of links and --all are both given.", "or --all"],
    [["revoke", id, "nope"], "There is no link 'nope'.", `${id} (shop, "QA")`],
    [["revoke", id, "--site", "blog"], `'blog' has no link '${id}'.`, "It has no links."],
    [["revoke", id, "--dry-rn"], "There is no link '--dry-rn'.", id],
  ];
  for (const [line, message, hint] of mistakes) {
    const { code, stdout, stderr } = await project.run("link", ...line);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  }
  expect((await project.json("link", "list")).output).toMatchObject({ links: [{ id }] });
});
