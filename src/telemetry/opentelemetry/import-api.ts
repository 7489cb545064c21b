import { MaintenanceError } from "../../errors.ts";
import type { OpenTelemetryApi } from "../opentelemetry.ts";

// Not written into the import: a bundler would insist on a package that may be absent.
const PACKAGE = "@opentelemetry/api";

/** Imports `@opentelemetry/api`. Throws `ERR_INVALID_OPTION`, which names the package to install. */
export async function importApi(load: (name: string) => Promise<unknown>): Promise<OpenTelemetryApi> {
  try {
    const api = await load(PACKAGE);
    if (isApi(api)) return api;
  } catch (cause) {
    throw missing(`${PACKAGE} could not be imported.`, cause);
  }
  throw missing(`${PACKAGE} has no metrics.`);
}

function missing(message: string, cause?: unknown): MaintenanceError {
  const hint = `Install it with: npm install ${PACKAGE}@^1.3`;
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint, cause });
}

function isApi(value: unknown): value is OpenTelemetryApi {
  return typeof value === "object" && value !== null && "metrics" in value && typeof value.metrics === "object";
}
