import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Access } from "../../src/admin/access/access.ts";
import { createAccess } from "../../src/admin/access/create-access.ts";
import { run } from "../../src/cli/run.ts";
import { createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { fileStore } from "../../src/stores/file.ts";
import { fakeContext } from "../unit/cli/fake-context.ts";
import { type CliProject, createCliProject } from "./cli-project.ts";

const PASSWORD = "correct horse battery";
const FILE_STORE = new URL("../../src/stores/file.ts", import.meta.url).pathname;

let project: CliProject;
beforeEach(() => {
  project = createCliProject();
});
afterEach(() => project.remove());

interface Created {
  readonly id: string;
  readonly token: string;
}

let configurations = 0;

/** Runs the command line inside the tests' process, because starting one per command would take most of the time. */
async function here(...line: string[]) {
  // Each command gets a new file name: a process loads a module only once, and a command closes its store.
  configurations += 1;
  const store = `fileStore({ path: ${JSON.stringify(project.stateFile)} })`;
  const text = `import { fileStore } from ${JSON.stringify(FILE_STORE)};\nexport default { store: ${store}, sites: { shop: {} } };`;
  const config = project.put(`config-${configurations}.mjs`, text);
  const context = fakeContext({ cwd: project.folder, now: new Date().toISOString() });
  return { code: await run(context, ["--config", config, ...line]), ...context.written };
}

async function json(...line: string[]): Promise<unknown> {
  return JSON.parse((await here(...line, "--json")).stdout);
}

async function create(...line: string[]): Promise<Created> {
  return (await json("token", "create", ...line)) as Created;
}

/** Runs `work` with the access of the application's admin over the same state. */
async function withAccess<Result>(work: (access: Access) => Promise<Result>, settings = {}): Promise<Result> {
  const store = fileStore({ path: project.stateFile });
  const gate = createGate({ store, logger: silentLogger });
  const controller = createController({ store });
  await gate.ready();
  try {
    return await work(createAccess({ gate: gateInternals(gate), controller, ...settings }));
  } finally {
    await gate.close();
    await store.close();
  }
}

function asks(headers: Record<string, string>, method = "GET") {
  const request = new Request("https://admin.example/", { method, headers });
  return { request, address: "192.0.2.1", secure: true, local: false, original: request };
}

async function whoIs(token: string): Promise<string> {
  return await withAccess(async (access) => {
    const answer = await access.identify(asks({ authorization: `Bearer ${token}` }, "POST"));
    if (answer.outcome === "refused") return `refused: ${answer.error.message}`;
    const { name, may } = answer.principal;
    return [name, may("switch", "shop"), may("switch", "*"), may("edit", "shop")].join();
  });
}

test("a token is printed once, gets in, and is refused after it is revoked", async () => {
  const line = ["--name", "ci", "--may", "view,switch", "--site", "shop", "--expires", "90d"];
  const made = await project.run("token", "create", ...line, "--reason", "deploys");
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toContain('Anyone who has this token ("ci") may view and switch in the admin, for shop:');
  expect(made.stdout).toContain("It is shown only this once");
  const token = /^ {2}(mm_[\w-]{43})$/m.exec(made.stdout)?.[1] ?? "";
  const id = /^To revoke it: maintenance-mode token revoke (\w{8})$/m.exec(made.stdout)?.[1] ?? "";
  expect(await whoIs(token)).toBe("ci,true,false,false");
  expect((await project.run("token", "list")).stdout).toMatch(
    new RegExp(`^${id} +ci +view, switch +shop +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +\\d{4}.* by .+ \\(cli\\)$`, "m"),
  );
  const history = await json("history");
  expect(history).toMatchObject({
    changes: [{ command: "add-token", reason: "deploys", sites: [{ site: "*", changes: ['tokens: none → "ci"'] }] }],
  });

  const folder = dirname(project.stateFile);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  const stored = files.map((it) => readFileSync(join(it.parentPath, it.name), "utf8")).join("\n");
  expect(stored).toContain(id);
  expect(stored).not.toContain(token.slice(3));
  const hash = /"hash":"([\w-]{43})"/.exec(stored.replaceAll("\\", ""))?.[1] ?? "no hash";
  const seen = [history, await json("token", "list"), await json("sites", "show", "*")];
  expect(JSON.stringify(seen)).not.toContain(hash);
  expect(JSON.stringify(seen)).not.toContain(token.slice(3));

  expect((await project.run("token", "revoke", id, "--dry-run")).stdout).toContain("nothing was written");
  expect(await whoIs(token)).toBe("ci,true,false,false");
  expect((await project.run("token", "revoke", id)).stdout).toBe(`No longer let into the admin: ${id} ("ci").\n`);
  expect(await whoIs(token)).toBe("refused: The token is wrong, or was revoked.");
});

test("without a site and an end a token is for all sites, until it is revoked; all can be revoked at once", async () => {
  const [one, two] = [
    await create("--name", "one", "--may", "view"),
    await create("--name", "two", "--may", "switch, edit"),
  ];
  expect(one).toMatchObject({ command: "token create", name: "one", may: ["view"], sites: null, expires: null });
  expect(await json("token", "list")).toEqual({
    tokens: [
      { id: one.id, name: "one", may: ["view"], sites: null, expires: null, created: expect.anything() },
      expect.objectContaining({ id: two.id, may: ["switch", "edit"] }),
    ],
  });
  expect(await json("token", "revoke", "--all", "--reason", "lost")).toMatchObject({
    command: "token revoke",
    dryRun: false,
    revoked: [
      { id: one.id, name: "one" },
      { id: two.id, name: "two" },
    ],
  });
  for (const { token } of [one, two]) expect(await whoIs(token)).toMatch(/^refused/);
  expect((await here("token", "revoke", "--all")).stdout).toBe("There is no token: nothing changed.\n");
  expect((await here("token", "list")).stdout).toContain("There is no token.");
});

test("a dry run creates no token", async () => {
  const output = await json("token", "create", "--name", "ci", "--may", "view", "--dry-run");
  expect(output).toMatchObject({ dryRun: true, id: null, token: null });
  expect(await json("token", "list")).toEqual({ tokens: [] });
});

test("an error names what is wrong, and no token is created or revoked", async () => {
  const { id } = await create("--name", "ci", "--may", "view");
  const mistakes: [line: string[], message: string, hint: string][] = [
    [["create", "--may", "view"], "equired option '--name <text>'", "token create --help"],
    [["create", "--name", "x"], "equired option '--may <rights>'", "token create --help"],
    [["create", "--name", "x", "--may", "swich"], "'swich'", "Did you mean 'switch'?"],
    [["create", "--name", "", "--may", "view"], "expected a name", "--help"],
    [["create", "--name", "x", "--may", "view", "--site", "shp"], "There is no site 'shp'.", "Did you mean 'shop'?"],
    [["create", "--name", "x", "--may", "view", "--expires", "2020-01-01 10:00"], "is in the past", "Write a time"],
    [["revoke"], "No id of a token is given.", "--all"],
    [["revoke", id, "--all"], "Ids of tokens and --all are both given.", "or --all"],
    [["revoke", id, "nope"], "There is no token 'nope'.", `${id} (ci)`],
  ];
  for (const [line, message, hint] of mistakes) {
    const { code, stdout, stderr } = await here("token", ...line);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  }
  expect(await json("token", "list")).toMatchObject({ tokens: [{ id }] });
});

test("ending the sessions signs every user out, and tokens stay valid", async () => {
  const { token } = await create("--name", "ci", "--may", "view");
  const settings = { password: PASSWORD };
  const cookie = await withAccess(async (access) => {
    const answer = await access.signIn(asks({ "sec-fetch-site": "same-origin" }, "POST"), PASSWORD);
    return answer.headers[0]?.[1].split(";")[0] ?? "";
  }, settings);
  const outcome = () => withAccess(async (access) => (await access.identify(asks({ cookie }))).outcome, settings);
  expect(await outcome()).toBe("known");
  expect((await here("sessions", "end", "--dry-run")).stdout).toContain("nothing was written");
  expect(await outcome()).toBe("known");
  expect(await json("sessions", "end", "--reason", "seen")).toMatchObject({
    command: "sessions end",
    dryRun: false,
  });
  expect(await outcome()).toBe("refused");
  expect(await whoIs(token)).toMatch(/^ci/);
  expect((await here("history", "--limit", "1")).stdout).toContain("sessions ended: none → 1");
});

test("the hash of a password that was typed twice, or piped in, lets in", async () => {
  const typed = fakeContext({ cwd: project.folder, answers: ["too short", PASSWORD, "another one", PASSWORD] });
  expect(await run(typed, ["token", "hash-password"])).toBe(0);
  expect(typed.questions).toEqual([
    "The password for the admin",
    "the password has 9 characters.",
    "The password for the admin",
    "The same again",
    "The passwords differ.",
    "The same again",
  ]);
  const piped = fakeContext({ cwd: project.folder, isInteractive: false, input: `${PASSWORD}\n` });
  expect(await run(piped, ["token", "hash-password", "--json"])).toBe(0);
  for (const passwordHash of [typed.written.stdout.trim(), JSON.parse(piped.written.stdout).passwordHash]) {
    const answer = await withAccess(
      (access) => access.signIn(asks({ origin: "https://admin.example" }, "POST"), PASSWORD),
      { passwordHash },
    );
    expect(answer).toMatchObject({ outcome: "known" });
  }
  for (const [input, message] of [
    ["", "There is no password on stdin."],
    ["short\n", "The password has 5 characters."],
  ] as const) {
    const context = fakeContext({ cwd: project.folder, isInteractive: false, input });
    expect(await run(context, ["token", "hash-password"])).toBe(1);
    expect(context.written).toMatchObject({ stdout: "", stderr: expect.stringContaining(message) });
  }
});
