/// <reference lib="esnext.disposable" preserve="true" />
import { kindOf, MaintenanceError } from "../errors.ts";
import type { UnderWay } from "../fleet/under-way.ts";
import { HeldWork } from "../fleet/work.ts";
import { ALL_SITES, parseSiteId } from "../state/site-record.ts";

/** Characters of a label. */
const MAX_LABEL = 200;

export interface HoldOptions {
  /**
   * The site or the group that the work belongs to.
   * @default "*": it belongs to all of them
   */
  readonly site?: string | undefined;
}

/** Work of which other processes know. */
export interface Hold extends Disposable, AsyncDisposable {
  /** The work has ended. Idempotent. */
  release(): void;
}

export function holdWork(list: UnderWay | null, label: string, options: HoldOptions = {}): Hold {
  if (typeof label !== "string" || label.trim() === "" || label.length > MAX_LABEL) {
    const found =
      typeof label === "string" ? `has ${label.trim() === "" ? 0 : label.length} characters` : `is ${kindOf(label)}`;
    throw new MaintenanceError("ERR_INVALID_OPTION", `gate.hold: the label ${found}.`, {
      hint: `Name the work in 1 to ${MAX_LABEL} characters: gate.hold("export").`,
    });
  }
  const work = new HeldWork(label, requireSite("gate.hold", options));
  list?.add(work);
  const release = (): void => work.end();
  return { release, [Symbol.dispose]: release, [Symbol.asyncDispose]: async () => release() };
}

/** Returns the site that the options of `caller` name. */
export function requireSite(caller: string, { site = ALL_SITES }: { readonly site?: unknown }): string {
  try {
    if (typeof site === "string") return parseSiteId(site);
  } catch {
    // Refused below, with the name of the option.
  }
  const found = typeof site === "string" ? `'${site.slice(0, 80)}'` : kindOf(site);
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `${caller}: the option 'site' is ${found}, which is no id of a site.`,
    {
      hint: "Name a site or a group, such as 'shop', or '*' for all.",
    },
  );
}
