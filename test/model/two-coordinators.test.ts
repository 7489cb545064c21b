import { describe } from "vitest";
import { bad, holds } from "./check.ts";
import type { Variation } from "./world.ts";

const SHORT = { lease: 1, observation: 2 } satisfies Variation;

describe("I8: one live barrier", () => {
  holds(
    "both begin at any time, and restore what they have closed",
    { ...SHORT, options: ["second coordinator", "restores", "coordinators time out"] },
    { states: 212_023 },
  );
});

describe("I9: a closure is restored by its own version", () => {
  bad(
    "the second adopts the closure of the first, whose end opens it",
    {
      ...SHORT,
      options: ["second coordinator later", "restores", "no eviction"],
      mistakes: ["adopt the closure of another", "restore by settings", "no sweep"],
    },
    26,
  );
  bad(
    "another process opens, the second closes, and the first finds its own settings",
    {
      ...SHORT,
      faults: ["another opens", "another closes"],
      options: ["second coordinator later", "restores", "no eviction"],
      mistakes: ["restore by settings", "no sweep"],
    },
    31,
  );
});

describe("C7: an eviction counts once its barrier is proven", () => {
  bad(
    "the second believes what the first has evicted without a proof",
    {
      ...SHORT,
      faults: ["coordinator dies"],
      options: ["second coordinator later"],
      mistakes: ["trust unproven evictions"],
    },
    24,
  );
  holds("the second waits", { ...SHORT, faults: ["coordinator dies"], options: ["second coordinator later"] });
});
