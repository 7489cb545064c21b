import { createAdminClient } from "../../admin/remote/admin-client.ts";
import { remoteController } from "../../admin/remote/controller.ts";
import { optionsOf, readConfiguration } from "../../admin/remote/options.ts";
import { normalizeOptions } from "../../config/normalize-options.ts";
import { silentLogger } from "../../logger.ts";
import type { CliContext } from "../cli-context.ts";
import type { Project } from "./project.ts";

/** The project behind the admin at `url`: its configuration is the server's. Throws what keeps the server from being asked, and what it refuses. */
export async function withRemoteProject<Result>(
  { clock, env }: CliContext,
  url: string,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  const admin = createAdminClient({ url, token: env.MAINTENANCE_TOKEN, clock });
  const configuration = await readConfiguration(admin);
  const given = { ...optionsOf(configuration), clock, logger: silentLogger };
  // Of the environment here nothing counts there.
  const options = normalizeOptions(given, configuration.exempt.tests ? { NODE_ENV: "test" } : {});
  return await work({
    configFile: null,
    options: { ...options, override: configuration.override },
    given,
    controller: remoteController(admin, clock),
    ignoredProxies: configuration.ignoredProxies,
    admin,
  });
}
