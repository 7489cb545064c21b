import { NOTHING_WRITTEN } from "./output/describe-closure.ts";
import type { ChangeOptions } from "./project/change-project.ts";
import { withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";

/** What `sessions end` does. */
export async function endSessions(session: Session, { dryRun = false, reason }: ChangeOptions): Promise<Report> {
  return await withProject(session, async ({ controller }) => {
    const execute = dryRun ? controller.rehearse : controller.execute;
    const { position } = await execute({ type: "end-sessions", reason }, session.context.by);
    return {
      json: { command: "sessions end", dryRun, version: position.version },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        "Everybody who has signed in to the admin with the password has to sign in again. Tokens go on.",
      ].join("\n"),
    };
  });
}
