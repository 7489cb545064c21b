import { MaintenanceError } from "./errors.ts";

/** Stands in where there is no file system. */
export async function readTemplate(path: string): Promise<string> {
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `template: '${path}' cannot be read: this runtime has no file system.`,
    {
      hint: "Give `template` a function.",
    },
  );
}
