import { compareModes } from "../../state/mode.ts";
import { openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { Outcome } from "./apply-command.ts";

type Reach = Pick<SiteRecord, "mode" | "paths" | "lockdown">;

/** Returns how a closure reaches less far than another one; `null` if it does not. Exemptions and links are not compared. */
export function narrowed(left: Reach, current: Reach): string | null {
  if (compareModes(current.mode, left.mode) < 0) return `its mode is ${current.mode}`;
  const isWhole = current.paths.length === 0;
  const covers = left.paths.length > 0 && left.paths.every((path) => current.paths.includes(path));
  if (!isWhole && !covers) return `only ${current.paths.join(", ")} is closed`;
  return left.lockdown && !current.lockdown ? "it is no longer in lockdown" : null;
}

/** Returns the outcomes that open a closed site, or narrow its closure. */
export function narrowing(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ site, before, after }) => {
    return before !== null && before.mode !== "open" && narrowed(before, after ?? openRecord(site)) !== null;
  });
}
