import { MaintenanceError } from "../errors.ts";

/** What `load` imports. Throws `ERR_DRIVER_MISSING` where `packageName`, or what it needs, is not installed; `instead` is what else would do. */
export async function loadDriver<Module>(
  store: string,
  packageName: string,
  load: () => Promise<Module>,
  instead = "",
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) throw cause;
    throw new MaintenanceError("ERR_DRIVER_MISSING", `${store} needs the package '${packageName}'.`, {
      hint: `Run: npm install ${packageName}${instead}`,
      cause,
    });
  }
}

/**
 * The deadline that a driver is given: longer than the store's own, which decides and does not count the time in which the event loop
 * is blocked. A driver's own only ends what nothing waits for any more.
 */
export function driverTimeout(timeout: number): number {
  return 2 * timeout;
}
