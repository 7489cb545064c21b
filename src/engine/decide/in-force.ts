import { normalizePath } from "../../rules/paths/normalize.ts";
import type { Mode } from "../../state/mode.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { strictestClosure } from "./strictest-closure.ts";

/**
 * The part of a site whose mode is requested: a path such as `/`, or `anywhere` for the strictest mode of any part. Use `anywhere` for a
 * statement about a site as a whole: a site with a closed part is not open.
 */
export type Where = "anywhere" | `/${string}`;

/** The mode that visitors of a site get, including the effect of `*` and the groups. */
export interface InForce {
  readonly mode: Mode;
  /** When it opens automatically, in epoch milliseconds; `null` if no end is known. */
  readonly until: number | null;
  /** The origin of the mode: the id of the site that is closed, the source of an override, or `whenNeverLoaded`. For an open site its own id. */
  readonly by: string;
  /** Only these paths are affected; empty for the whole site. */
  readonly only: readonly string[];
  /** The site whose record is in force, or `null`. */
  readonly closure: CompiledSite | null;
  readonly lockdown: boolean;
}

const NOTHING = { until: null, only: [], closure: null, lockdown: false } as const;

/** Returns what is in force for the site `id` at `now`; for an unknown site the state of `*`. */
export function inForce(snapshot: Snapshot, id: string, where: Where, now: number): InForce {
  const { override, whenNeverLoaded } = snapshot.policy;
  if (override !== null) return { ...NOTHING, mode: override.mode, by: override.where };
  if (snapshot.neverLoaded && (snapshot.fence === null || whenNeverLoaded === "closed"))
    return { ...NOTHING, mode: whenNeverLoaded, by: "whenNeverLoaded" };
  // `null` is inside every scope.
  const path = where === "anywhere" ? null : normalizePath(where);
  const closure = strictestClosure(snapshot, snapshot.sites.get(id) ?? null, path, now);
  if (typeof closure === "string") return { ...NOTHING, mode: "open", by: id };
  const { site, mode, lockdown, fenced } = closure;
  if (fenced) return { ...NOTHING, mode, by: site.id };
  const until = Number.isFinite(site.until) ? site.until : null;
  return { mode, until, by: site.id, only: site.record.paths, closure: site, lockdown };
}
