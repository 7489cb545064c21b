import { broken, type Finding, fine } from "../../finding.ts";
import type { CliError } from "../output/cli-error.ts";
import { toCliError } from "../output/cli-error.ts";
import type { Style } from "../output/style.ts";
import { withProject } from "../project/project.ts";
import type { Report, Session } from "../session.ts";
import { examineProject } from "./examine-project.ts";

/** What `doctor` does. Whatever is wrong is a finding, never an error. */
export async function examine(session: Session): Promise<Report> {
  const findings: Finding[] = [fine("runtime", `Node.js ${process.versions.node}`)];
  try {
    findings.push(
      ...(session.adminUrl === undefined
        ? await withProject(session, (project) => examineProject(project, session))
        : await (await import("./examine-admin.ts")).examineAdmin(session, session.adminUrl)),
    );
  } catch (thrown) {
    const { message, hint }: CliError = toCliError(thrown, `${session.program} --help`);
    findings.push(broken(session.adminUrl === undefined ? "configuration" : "admin", message, hint));
  }
  const isBroken = findings.some(({ level }) => level === "broken");
  const summary = isBroken ? "Something is broken: see what is marked ✗." : "Nothing is broken.";
  return {
    json: { ok: !isBroken, findings },
    text: [...findings.map((finding) => tell(finding, session.style)), "", summary].join("\n"),
    exitCode: isBroken ? 1 : 0,
  };
}

function tell({ level, subject, message, hint }: Finding, style: Style): string {
  const marks = { fine: style.good("✓ fine   "), warning: style.warning("! warning"), broken: style.bad("✗ broken ") };
  return `${marks[level]}  ${subject}: ${message}${hint === null ? "" : `\n             ${hint}`}`;
}
