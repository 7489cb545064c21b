import { createAdminClient } from "../../admin/remote/admin-client.ts";
import { remoteController } from "../../admin/remote/controller.ts";
import { remoteFleet } from "../../admin/remote/fleet.ts";
import { optionsOf, readConfiguration } from "../../admin/remote/options.ts";
import { normalizeOptions } from "../../config/normalize-options.ts";
import { silentLogger } from "../../logger.ts";
import type { CliContext } from "../cli-context.ts";
import type { Project } from "./project.ts";

/** Opens the project behind the admin at `url`: its configuration is the server's. Throws errors of the connection, and refusals of the server. */
export async function withRemoteProject<Result>(
  { clock, env }: CliContext,
  url: string,
  work: (project: Project) => Promise<Result>,
): Promise<Result> {
  const admin = createAdminClient({ url, token: env.MAINTENANCE_TOKEN, clock });
  const configuration = await readConfiguration(admin);
  const given = { ...optionsOf(configuration), clock, logger: silentLogger };
  // The environment of this process does not apply there.
  const options = normalizeOptions(given, configuration.exempt.tests ? { NODE_ENV: "test" } : {});
  return await work({
    configFile: null,
    options: { ...options, override: configuration.override },
    controller: remoteController(admin),
    local: null,
    fleet: remoteFleet(admin),
    addressSources: { ...options, ignoredProxies: configuration.ignoredProxies },
    admin,
  });
}
