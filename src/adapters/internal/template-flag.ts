import type { Gate } from "../../gate.ts";
import { UNCLEAR } from "../../rules/site-lookup.ts";
import type { Mode } from "../../state/mode.ts";
import { ALL_SITES } from "../../state/site-record.ts";

const GATE: unique symbol = Symbol("gate");

/**
 * What templates may ask of the site that a request is for. Properties of the object itself: Handlebars and Liquid look at no others.
 */
export interface TemplateFlag {
  /** The site's id; `*` for a host that no site has. */
  readonly site: string;
  /** The strictest in force anywhere on the site. */
  readonly mode: Mode;
  /** Visitors are kept out, of the site or of a part of it: not when it is `read-only`. */
  readonly isClosed: boolean;
  readonly [GATE]: Gate;
}

export function templateFlag(gate: Gate, host: string | undefined): TemplateFlag {
  return gate.snapshot.passAll ? new OpenFlag(gate, host) : flagWhenAsked(gate, host);
}

/** The gate behind what middleware has left for templates; `null` for anything else. */
export function gateOfFlag(value: unknown): Gate | null {
  return isFlag(value) ? value[GATE] : null;
}

/** While all is open: made for each request, and so by a class, which costs a tenth of what getters do. */
class OpenFlag implements TemplateFlag {
  readonly site: string;
  readonly mode = "open";
  readonly isClosed = false;
  readonly [GATE]: Gate;

  constructor(gate: Gate, host: string | undefined) {
    this.site = siteOf(gate, host);
    this[GATE] = gate;
  }
}

/** Looks only when asked: before the first load is there, nothing is known yet. */
function flagWhenAsked(gate: Gate, host: string | undefined): TemplateFlag {
  return {
    get site() {
      return siteOf(gate, host);
    },
    get mode() {
      return gate.mode(siteOf(gate, host));
    },
    get isClosed() {
      return gate.isClosed(siteOf(gate, host));
    },
    [GATE]: gate,
  };
}

function siteOf({ snapshot }: Gate, host: string | undefined): string {
  const site = snapshot.byHost.find(host);
  return site === null || site === UNCLEAR ? ALL_SITES : site.id;
}

function isFlag(value: unknown): value is TemplateFlag {
  return typeof value === "object" && value !== null && GATE in value;
}
