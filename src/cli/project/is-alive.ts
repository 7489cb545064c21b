import type { ProcessIdentity } from "../../fleet/row.ts";
import { identifyThisProcess, isAlive } from "../../platform/process-identity.ts";

/** Returns whether a process on this machine is alive; `undefined` for one that cannot be checked from here. */
export async function isAliveHere(process: ProcessIdentity): Promise<boolean | undefined> {
  const { space } = await identifyThisProcess();
  try {
    return await isAlive(process, space);
  } catch {
    return undefined;
  }
}
