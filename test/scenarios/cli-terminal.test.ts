import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { requireService } from "../support/require-service.ts";
import { BIN, type CliProject, CONFIG, createCliProject } from "./cli-project.ts";

const COMMAND = `'${process.execPath}' '${BIN}'`;

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

test("a reader that closes the pipe early causes no error", () => {
  const line = `${COMMAND} --help | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const output = execFileSync("bash", ["-c", line], { cwd: project.folder, encoding: "utf8" });
  expect(output).toBe("Usage: maintenance-mode [options] [command]\n0\n");
  const closed = execFileSync("bash", ["-c", `${COMMAND} status 1>&- ; echo "code $?"`], {
    cwd: project.folder,
    encoding: "utf8",
  });
  expect(closed).toContain("code 0");
});

test("open connections of the configuration file do not keep the command running", async () => {
  project.put("open.mjs", `setInterval(() => {}, 1_000_000);\nexport default ${CONFIG};`);
  expect(await project.run("status", "--config", "open.mjs")).toMatchObject({ code: 0 });
});

requireService(
  "script",
  "apt-get install bsdutils",
  existsSync("/usr/bin/script"),
)("at a terminal", () => {
  test("on -i asks, and closes the chosen sites", async () => {
    const output = await talk("on -i", [
      ["Which sites do you want to close?", " \r"],
      ["How?", "\r"],
      ["What do visitors read?", "Back at nine\r"],
      ["Until when?", "2h\r"],
      ["Why?", "\r"],
      ["Close everything (*)?", "y"],
    ]);
    expect(output).toContain("Everything (*) is closed now, in file ");
    expect((await project.json("status", "*")).output).toMatchObject({
      sites: [{ mode: "closed", message: "Back at nine" }],
    });
  });

  test("Ctrl-C changes nothing", async () => {
    expect(await talk("on -i", [["Which sites do you want to close?", "\u0003"]])).toContain(
      "Cancelled: nothing was changed.",
    );
    expect(existsSync(project.stateFile)).toBe(false);
  });

  test("in CI, no question is asked", async () => {
    project.put("maintenance.config.json", "{}");
    expect(await talk("on", [], { CI: "true" })).toContain("Everything (*) is closed now, in file ");
  });
});

/** Runs a command on a terminal, waits for each question and types the answer. Resolves with everything that was shown. */
async function talk(
  line: string,
  dialogue: readonly (readonly [question: string, answer: string])[],
  environment: Record<string, string> = {},
): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: project.folder, TERM: "xterm", TZ: "UTC", ...environment };
  const child = spawn("/usr/bin/script", ["-qec", `stty columns 100 rows 40; ${COMMAND} ${line}`, "/dev/null"], {
    cwd: project.folder,
    env,
  });
  onTestFinished(() => void child.kill());
  const left = [...dialogue];
  let shown = "";
  let answered = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const [question, answer] = left[0] ?? [];
    if (question === undefined || answer === undefined || !shown.slice(answered).includes(question)) return;
    left.shift();
    answered = shown.length;
    child.stdin.write(answer);
  });
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  return shown;
}
