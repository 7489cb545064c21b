import { parseAdminUrl } from "../admin/remote/admin-url.ts";
import type { GlobalOptions } from "./program.ts";

/** What to type before a command's name to mean the same place again: `npx maintenance-mode --config deploy/closing.ts`. */
export function invocation(name: string, { config, url }: GlobalOptions): string {
  if (config !== undefined) return `${name} --config ${shellWord(config)}`;
  return url !== undefined && isAdminUrl(url) ? `${name} --url ${shellWord(url)}` : name;
}

/** What is none may hold a password, and is not repeated. */
function isAdminUrl(url: string): boolean {
  try {
    parseAdminUrl(url);
    return true;
  } catch {
    return false;
  }
}

function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
