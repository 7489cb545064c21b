import { MaintenanceError } from "../errors.ts";
import type { ProcessDescription } from "../fleet/presence.ts";
import type { ProcessIdentity } from "../fleet/row.ts";
import type { Store } from "../stores/store.ts";
import { type DiagnosticsChannels, NO_CHANNELS } from "../telemetry/diagnostics.ts";

// Replaces node.ts in runtimes without a file system and node:diagnostics_channel.

/** Rejects with `ERR_INVALID_OPTION`: without a file system there is no default store. */
export async function createDefaultStore(): Promise<Store> {
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    "The option 'store' is missing, and this runtime has no file system.",
    {
      hint: 'Set it to memoryStore() from "maintenance-mode/stores/memory", or to a store that your servers share.',
    },
  );
}

/** Rejects with `ERR_INVALID_OPTION`. */
export async function readTemplate(path: string): Promise<string> {
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `template: '${path}' cannot be read: this runtime has no file system.`,
    {
      hint: "Set `template` to a function.",
    },
  );
}

/** Returns channels without subscribers. */
export function openChannels(): DiagnosticsChannels {
  return NO_CHANNELS;
}

/** Returns a description of this runtime, without an identity. */
export function describeProcess(): ProcessDescription {
  const runtime = globalThis.navigator?.userAgent ?? "";
  return { process: identifyThisProcess(), runtime, library: "", uptime: null };
}

/** Returns an empty identity: here, no process can check whether another one is alive. */
export function identifyThisProcess(): ProcessIdentity {
  return { pid: 0, started: "", space: "", host: "" };
}

/** Returns `undefined`. */
export function isAlive(_process: ProcessIdentity, _space: string): undefined {
  return undefined;
}
