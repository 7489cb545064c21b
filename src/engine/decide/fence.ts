import type { PathMatcher } from "../../rules/paths/matcher.ts";
import type { Mode } from "../../state/mode.ts";

/**
 * Sites that count as closed, whatever the state says: this process can no longer know whether they are. `*` stands for all sites.
 */
export type Fence = readonly FenceTarget[];

export interface FenceTarget {
  readonly site: string;
  readonly mode: Exclude<Mode, "open">;
  /** Only these paths; `null` for the whole site. */
  readonly scope: Pick<PathMatcher, "covers"> | null;
}
