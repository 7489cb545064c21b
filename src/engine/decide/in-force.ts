import { normalizePath } from "../../rules/paths/normalize.ts";
import type { Mode } from "../../state/mode.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { strictestClosure } from "./strictest-closure.ts";

/**
 * Of what the mode is asked: of a path such as `/`, or of `anywhere`, where the strictest mode of any part counts. Everything that
 * speaks of a site as a whole asks `anywhere`: a site of which a part is closed is not open.
 */
export type Where = "anywhere" | `/${string}`;

/** What visitors of a site meet, with what `*` and the groups bring. */
export interface InForce {
  readonly mode: Mode;
  /** Epoch milliseconds when it opens automatically; `null`: no end is known. */
  readonly until: number | null;
  /** The site whose switch that is; of an override where it is set; `whenNeverLoaded`; of an open site its own id. */
  readonly by: string;
  /** Only these paths are affected; empty: the whole site. */
  readonly only: readonly string[];
  /** The site whose record is in force; `null`: none. */
  readonly closure: CompiledSite | null;
  readonly lockdown: boolean;
}

const NOTHING = { until: null, only: [], closure: null, lockdown: false } as const;

/** What is in force for the site `id` at `now`; for an unknown site that is what counts for all. */
export function inForce(snapshot: Snapshot, id: string, where: Where, now: number): InForce {
  const { override, whenNeverLoaded } = snapshot.policy;
  if (override !== null) return { ...NOTHING, mode: override.mode, by: override.where };
  if (snapshot.neverLoaded) return { ...NOTHING, mode: whenNeverLoaded, by: "whenNeverLoaded" };
  // A path that is `null` counts as inside every scope.
  const path = where === "anywhere" ? null : normalizePath(where);
  const closure = strictestClosure(snapshot, snapshot.sites.get(id) ?? null, path, now);
  if (typeof closure === "string") return { ...NOTHING, mode: "open", by: id };
  const { site, mode, lockdown } = closure;
  const until = Number.isFinite(site.until) ? site.until : null;
  return { mode, until, by: site.id, only: site.record.paths, closure: site, lockdown };
}
