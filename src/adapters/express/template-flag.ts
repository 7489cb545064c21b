import type { Snapshot } from "../../engine/snapshot/snapshot.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import type { Mode } from "../../state/mode.ts";
import { ALL_SITES } from "../../state/site-record.ts";

const GATE: unique symbol = Symbol("gate");

/**
 * The maintenance of the current request, for templates. For other parts of its site use `gate.mode`. All members are own properties,
 * since Handlebars and Liquid read no others.
 */
export interface MaintenanceFlag {
  /** The site's id; `*` for a host that no site has. */
  readonly site: string;
  /** The mode in force for the path of the request. For a path that can be read in two ways it is the strictest of the site. */
  readonly mode: Mode;
  /** Visitors are kept out of the path of the request: not when it is `read-only`, and not when another part of the site is closed. */
  readonly isClosed: boolean;
}

interface TemplateFlag extends MaintenanceFlag {
  readonly [GATE]: GateInternals;
}

/** Returns a function that returns the flag for one request. `target` must be as received. */
export function templateFlags(gate: GateInternals): (host: string | undefined, target: string) => MaintenanceFlag {
  let last: { readonly snapshot: Snapshot; readonly host: string | undefined; readonly flag: OpenFlag } | null = null;
  return (host, target) => {
    const { snapshot } = gate;
    if (!snapshot.passAll) return flagWhenAsked(gate, host, target);
    // Most requests are for the host of the one before.
    if (last?.snapshot !== snapshot || last.host !== host) last = { snapshot, host, flag: new OpenFlag(gate, host) };
    return last.flag;
  };
}

/** Returns the gate of a flag, or `null` for any other value. */
export function gateOfFlag(value: unknown): GateInternals | null {
  return isFlag(value) ? value[GATE] : null;
}

/** The flag while everything is open. Frozen: requests share it. */
class OpenFlag implements TemplateFlag {
  readonly site: string;
  readonly mode = "open";
  readonly isClosed = false;
  readonly [GATE]: GateInternals;

  constructor(gate: GateInternals, host: string | undefined) {
    this.site = siteOf(gate, host);
    this[GATE] = gate;
    Object.freeze(this);
  }
}

/** Returns a flag that looks up the mode when it is read, because the first state may be loaded later than the flag is created. */
function flagWhenAsked(gate: GateInternals, host: string | undefined, target: string): TemplateFlag {
  const path = target.replace(ORIGIN, "");
  const where = isPath(path) ? path : "anywhere";
  return {
    get site() {
      return siteOf(gate, host);
    },
    get mode() {
      return gate.mode(siteOf(gate, host), where);
    },
    get isClosed() {
      return gate.isClosed(siteOf(gate, host), where);
    },
    [GATE]: gate,
  };
}

/** The part before the path in the absolute form of a target (RFC 9112 section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

function isPath(text: string): text is `/${string}` {
  return text.startsWith("/");
}

function siteOf({ snapshot }: GateInternals, host: string | undefined): string {
  const site = snapshot.byHost.find(host);
  return site === null || site === UNCLEAR ? ALL_SITES : site.id;
}

function isFlag(value: unknown): value is TemplateFlag {
  return typeof value === "object" && value !== null && GATE in value;
}
