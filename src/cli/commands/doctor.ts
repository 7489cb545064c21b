import type { Command } from "commander";
import { errorFinding, type Finding, okFinding } from "../../finding.ts";
import { examineProject } from "../doctor/examine-project.ts";
import { addExamples } from "../input/definition.ts";
import { type CliError, toCliError } from "../output/cli-error.ts";
import type { Style } from "../output/style.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("doctor")
    .description(
      "Checks the configuration, the store and the stored state, and says what to do. Exit code: 1 if there is an error.",
    );
  command.action(() => perform(command, (session) => examine(session)));
  addExamples(command, [
    ["doctor", "before the first deploy, and when something is odd"],
    ["doctor --config ./other.config.ts", "with another configuration"],
  ]);
}

/** Reports faults as findings, never as errors. */
async function examine(session: Session): Promise<Report> {
  const findings: Finding[] = [okFinding("runtime", `Node.js ${process.versions.node}`)];
  try {
    findings.push(
      ...(session.adminUrl === undefined
        ? await withProject(session, (project) => examineProject(project, session))
        : await (await import("../doctor/examine-admin.ts")).examineAdmin(session, session.adminUrl)),
    );
  } catch (thrown) {
    const { message, hint }: CliError = toCliError(thrown, `${session.program} --help`);
    findings.push(errorFinding(session.adminUrl === undefined ? "configuration" : "admin", message, hint));
  }
  const hasErrors = findings.some(({ level }) => level === "error");
  const summary = hasErrors ? "There are errors: see the lines marked ✗." : "There are no errors.";
  return {
    json: { ok: !hasErrors, findings },
    text: [...findings.map((finding) => tell(finding, session.style)), "", summary].join("\n"),
    exitCode: hasErrors ? 1 : 0,
  };
}

function tell({ level, subject, message, hint }: Finding, style: Style): string {
  const marks = { ok: style.good("✓ ok   "), warn: style.warning("! warn "), error: style.bad("✗ error") };
  return `${marks[level]}  ${subject}: ${message}${hint === null ? "" : `\n           ${hint}`}`;
}
