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
