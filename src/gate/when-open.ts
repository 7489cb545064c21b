import { keepAlive } from "../clock.ts";
import { kindOf, MaintenanceError } from "../errors.ts";
import { requireSite } from "./hold.ts";

export interface WhenOpenOptions {
  /**
   * The site or the group to wait for.
   * @default "*"
   */
  readonly site?: string | undefined;
  /** Ends the wait: the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** The callers that wait until a site is open. */
export interface OpenWaits {
  whenOpen(options?: WhenOpenOptions): Promise<void>;
  /** Called when the mode of a site may have changed. */
  check(): void;
  /** The gate no longer follows the store: no site will open. */
  end(): void;
}

interface Waiter {
  check(): unknown;
  end(error: unknown): void;
}

/** `isOpen` returns whether the mode of a site is `open` now; `ready` resolves when that is known, and never rejects. */
export function openWaits(isOpen: (site: string) => boolean, ready: () => Promise<unknown>): OpenWaits {
  const waiters = new Set<Waiter>();
  let hasEnded = false;

  const closedGate = (): MaintenanceError =>
    new MaintenanceError("ERR_ALREADY_CLOSED", "gate.whenOpen: the gate is closed, and no longer follows the store.", {
      hint: "Create a new gate.",
    });

  async function wait(site: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (hasEnded) throw closedGate();
    let isKnown = false;
    let waiter: Waiter = { check() {}, end() {} };
    const opened = new Promise<void>((resolve, reject) => {
      waiter = { check: () => isKnown && isOpen(site) && resolve(), end: reject };
    });
    const abort = (): void => waiter.end(signal?.reason);
    waiters.add(waiter);
    signal?.addEventListener("abort", abort);
    void ready().then(() => {
      isKnown = true;
      waiter.check();
    });
    try {
      await keepAlive(opened);
    } finally {
      waiters.delete(waiter);
      signal?.removeEventListener("abort", abort);
    }
  }

  return {
    async whenOpen(options = {}) {
      const site = requireSite("gate.whenOpen", options);
      const { signal } = options;
      if (signal !== undefined && !(signal instanceof AbortSignal)) {
        throw new MaintenanceError("ERR_INVALID_OPTION", `gate.whenOpen: the option 'signal' is ${kindOf(signal)}.`, {
          hint: "Pass the signal of an AbortController, or leave it out.",
        });
      }
      await wait(site, signal);
    },
    check() {
      for (const waiter of waiters) waiter.check();
    },
    end() {
      hasEnded = true;
      for (const waiter of waiters) waiter.end(closedGate());
    },
  };
}
