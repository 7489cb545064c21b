import { isMaintenanceError } from "../errors.ts";
import { ANY_HOST, parseHost } from "../rules/hosts/host.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "./site-record.ts";

const HOSTS = /"hosts"\s*:\s*\[([^\]]*)\]/;
const TEXT = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Returns the record for a site whose stored record cannot be read and never could: it is closed. Its hosts are those found in the text;
 * if none is found or one cannot be read, also every host that belongs to no other site.
 */
export function closedRecord(id: string, text: string): SiteRecord {
  const closed: SiteRecord = { ...openRecord(id), mode: "closed" };
  if (id === ALL_SITES) return closed;
  const hosts = [...(HOSTS.exec(text)?.[1] ?? "").matchAll(TEXT)].flatMap(([, host = ""]) => readHost(host));
  return { ...closed, hosts: hosts.length === 0 ? [ANY_HOST] : hosts };
}

function readHost(text: string): readonly string[] {
  try {
    return [parseHost(text)];
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    return [ANY_HOST];
  }
}
