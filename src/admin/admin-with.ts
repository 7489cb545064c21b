import { MaintenanceError } from "../errors.ts";
import type { GateInternals } from "../gate/internals.ts";
import type { Access } from "./access/access.ts";
import { createRefusalLog } from "./access/refusal-log.ts";
import type { Admin, AdminOptions } from "./admin.ts";
import type { AdminContext, WaitingController } from "./admin-context.ts";
import { createEventStreams } from "./event-streams.ts";
import { createHandler } from "./handler.ts";
import { parseBasePath } from "./http/request-path.ts";
import { createWaits } from "./waits.ts";

interface AdminParts extends Pick<AdminOptions, "name" | "basePath"> {
  readonly controller: WaitingController;
  readonly gate: GateInternals;
  /** The gate whose proxies determine the admin's own clients. @default gate */
  readonly clients?: GateInternals;
}

/** Returns an admin with this way to identify callers. Throws `ERR_INVALID_OPTION`. */
export function adminWith(
  access: Access,
  { controller, gate, name, basePath: given = "/maintenance", clients = gate }: AdminParts,
): Admin {
  const basePath = parseBasePath(given);
  // At the root this would be every path. There the admin has its own server, without a guard.
  if (basePath !== "") gate.addOperatorPaths([basePath, `${basePath}/*`]);
  const streams = createEventStreams(gate);
  const waits = createWaits();
  const context: AdminContext = {
    controller,
    gate,
    clients,
    access,
    streams,
    waits,
    log: createRefusalLog(gate.options.logger, gate.options.clock),
    name: name === undefined ? null : parseName(name),
    now: () => gate.options.clock.now(),
    describe: async () => (await import("./schema/open-api.ts")).openApi(),
  };
  const close = (): void => {
    streams.close();
    waits.close();
  };
  return { basePath, fetch: createHandler(context, basePath), close };
}

/** Throws `ERR_INVALID_OPTION`. */
function parseName(name: unknown): string {
  if (typeof name === "string" && /^[^\p{Cc}]{1,100}$/u.test(name) && name.trim() !== "") return name.trim();
  throw new MaintenanceError("ERR_INVALID_OPTION", `createAdmin: name: '${String(name).slice(0, 80)}' is not a name.`, {
    hint: "Write one line of up to 100 characters, such as 'Acme, staging', or leave it out.",
  });
}
