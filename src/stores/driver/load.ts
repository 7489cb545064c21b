import { MaintenanceError } from "../../errors.ts";

interface Alternatives {
  /** What else would do. */
  readonly instead?: string;
  /** The other packages that the store needs. They are imported only to name all that are missing at once. */
  readonly others?: Readonly<Record<string, () => Promise<unknown>>>;
}

/**
 * Imports the driver of a store.
 * @throws `ERR_DRIVER_MISSING` when `packageName`, or a package that it needs, is not installed.
 */
export async function loadDriver<Module>(
  store: string,
  packageName: string,
  load: () => Promise<Module>,
  { instead = "", others = {} }: Alternatives = {},
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const missing = [packageName];
    for (const [name, loadOther] of Object.entries(others)) {
      if (await loadOther().then(() => false, isMissing)) missing.push(name);
    }
    const names = missing.map((name) => `'${name}'`).join(" and ");
    const packages = missing.length === 1 ? "the package" : "the packages";
    throw new MaintenanceError("ERR_DRIVER_MISSING", `${store} needs ${packages} ${names}.`, {
      hint: `Run: npm install ${missing.join(" ")}${instead}`,
      cause,
    });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
}

/**
 * The deadline that a driver is given: longer than the store's own, which decides and does not count the time in which the event loop
 * is blocked. A driver's own only ends what nothing waits for any more.
 */
export function driverTimeout(timeout: number): number {
  return 2 * timeout;
}
