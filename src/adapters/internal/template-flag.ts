import type { Gate } from "../../gate.ts";
import type { Mode } from "../../state/mode.ts";
import { ALL_SITES } from "../../state/site-record.ts";

/** What templates may ask of the site that a request is for. Looks only when asked. */
export class TemplateFlag {
  readonly #gate: Gate;
  readonly #host: string | undefined;

  constructor(gate: Gate, host: string | undefined) {
    this.#gate = gate;
    this.#host = host;
  }

  /** The gate behind what middleware has left for templates; `null` for anything else. */
  static gateOf(value: unknown): Gate | null {
    return value instanceof TemplateFlag ? value.#gate : null;
  }

  /** The site's id; `*` for a host that no site has. */
  get site(): string {
    return this.#gate.snapshot.byHost.find(this.#host)?.record.id ?? ALL_SITES;
  }

  get mode(): Mode {
    return this.#gate.mode(this.site);
  }

  /** Visitors are kept out: not when the site is `read-only`. */
  get isClosed(): boolean {
    return this.#gate.isClosed(this.site);
  }
}
