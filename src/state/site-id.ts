import { MaintenanceError } from "../errors.ts";
import { ALL_SITES } from "./site-record.ts";

const SITE_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

function isSiteId(value: string): boolean {
  return value === ALL_SITES || SITE_ID.test(value);
}

/** Returns `value` when it is `*` or up to 64 of `a-z 0-9 . _ -`, starting with a letter or digit. Throws `ERR_INVALID_SITE_ID`. */
export function parseSiteId(value: string): string {
  if (isSiteId(value)) return value;
  const hint = SITE_ID.test(value.toLowerCase()) ? `Write it in lower case: '${value.toLowerCase()}'.` : undefined;
  throw new MaintenanceError("ERR_INVALID_SITE_ID", `'${value}' is not a site id.`, hint === undefined ? {} : { hint });
}
