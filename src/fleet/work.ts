import type { Admit, Allow } from "../engine/decide/decision.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import type { UnderWay } from "./under-way.ts";

/** Work that a gate has let in: an element of one `UnderWay`, which alone writes the members up to `leftAt`. */
abstract class Listed {
  /** The list to which it was added, also after its end. */
  list: UnderWay | null = null;
  isListed = false;
  previous: Work | null = null;
  next: Work | null = null;
  /** When it arrived, in epoch milliseconds, to a second. */
  since = 0;
  /** When its client has left before it was answered, in epoch milliseconds; `null` if it has not. */
  leftAt: number | null = null;

  /** Takes it out of the list. Idempotent. */
  end(this: Work): void {
    this.list?.remove(this);
  }
}

/** Work that `gate.hold` reports. */
export class HeldWork extends Listed {
  readonly kind = "held";
  readonly label: string;
  readonly site: string;

  constructor(label: string, site: string) {
    super();
    this.label = label;
    this.site = site;
  }
}

/** A request or an upgraded connection. An adapter defines how it is described, which is needed only when a barrier asks. */
export abstract class RequestWork extends Listed {
  abstract readonly kind: "request" | "socket";
  /** The decision that let it in; `null` if everything was open, or if it is not decided yet. */
  decision: Allow | Admit | null = null;
  /** The application has it. Before, it waits for its decision. */
  isEntered = false;
  /** The work of the same request in the list of another gate. */
  other: RequestWork | null = null;

  abstract describe(): RequestFacts;
  /** Whether the answer has begun. */
  abstract hasBegun(): boolean;
  /** Whether the application has ended it although no event has reported that. */
  abstract hasEnded(): boolean;
  /** Closes its connection. Does nothing where the adapter has none: the work is then waited for. */
  abstract destroy(): void;
}

export type Work = HeldWork | RequestWork;

/** A request of a framework with objects of its own, until its adapter ends it. */
export class DescribedWork extends RequestWork {
  readonly kind = "request";
  readonly #facts: RequestFacts;

  constructor(facts: RequestFacts) {
    super();
    this.#facts = facts;
  }

  describe(): RequestFacts {
    return this.#facts;
  }

  hasBegun(): boolean {
    return true;
  }

  hasEnded(): boolean {
    return false;
  }

  destroy(): void {}
}
