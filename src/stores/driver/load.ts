import { MaintenanceError } from "../../errors.ts";

interface Alternatives {
  /** The end of the hint: another way to do without the package. */
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
 * Returns the time limit that is passed to a driver. It is longer than the limit of the store, which is the one that decides: the store's
 * limit excludes the time in which the event loop is blocked. The driver's limit only ends calls that the store has given up.
 */
export function driverTimeout(timeout: number): number {
  return 2 * timeout;
}
