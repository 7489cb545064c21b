import { describe } from "vitest";
import { bad, endless, holds, holdsAndEnds } from "./check.ts";

describe("the protocol", () => {
  holds("a member that is in the list", {}, { states: 10_709 });
  holds("a member that joins at any time", { faults: ["starts outside"] }, { states: 16_629 });
  holdsAndEnds("a member that is in the list", {});
});

describe("M1: join before the first load", () => {
  bad("loads before it joins", { faults: ["starts outside"], mistakes: ["read before join"] }, 6);
  bad(
    "never loaded, and open: without --expect the coordinator does not know of it",
    { faults: ["starts outside", "store away"], mistakes: ["never loaded is open"] },
    5,
  );
  holds("never loaded, and closed", { faults: ["starts outside", "store away"] });
});

describe("M2, M3: the lease begins when a renewal is sent", () => {
  bad("the lease begins when the answer arrives", { mistakes: ["lease from the answer"] }, 15);
  bad("the observation is shorter than the lease", { observation: 1 }, 12);
});

describe("M4: only the answer to a renewal unbinds", () => {
  bad(
    "the records that the feed reads unbind",
    {
      faults: ["another opens", "another closes"],
      mistakes: ["feed unbinds", "adopt the closure of another"],
    },
    17,
  );
});

describe("M6: the decision is taken in the turn that enters the application", () => {
  bad(
    "requests are counted when they enter",
    { options: ["deferred decisions"], mistakes: ["enter on the old decision", "count on entering"] },
    14,
  );
  bad(
    "requests are counted from arrival, and enter on the old decision",
    { options: ["deferred decisions"], mistakes: ["enter on the old decision"] },
    15,
  );
  holds("counted from arrival, and decided again", { options: ["deferred decisions"] });
  bad("the front passes deferred requests on", { mistakes: ["pass deferred requests on"] }, 14);
});

describe("M7: leave drained and latched", () => {
  bad("serves on after leaving", { options: ["leaves"], mistakes: ["leave unlatched"] }, 6);
  bad("leaves with a request under way", { options: ["leaves"], mistakes: ["leave undrained"] }, 6);
  holds("drained and latched", { options: ["leaves"] });
});

describe("M8: sweep a silent barrier", () => {
  endless(
    "stuck",
    "the coordinator dies and no member sweeps",
    { faults: ["coordinator dies"], mistakes: ["no sweep"] },
    6,
  );
  holdsAndEnds("the coordinator dies and a member sweeps", { faults: ["coordinator dies"] });
});

describe("C1: a list that was wiped", () => {
  bad("wiped before arming, and the member has not found out", { faults: ["wipe"] }, 6);
  holds("wiped at any time, with --expect", { faults: ["wipe"], options: ["expect"] });
  holds("wiped after arming", { faults: ["wipe after arming"] });
  bad(
    "wiped after arming, and neither the records nor the barrier are looked at",
    { faults: ["wipe after arming"], mistakes: ["no look at the records", "no proof"] },
    11,
  );
});

describe("C2, C3: arm before closing, and look before each step", () => {
  bad(
    "closes without arming, and evicts a member that was never bound",
    { mistakes: ["no arming", "evict unbound"] },
    8,
  );
  bad(
    "evicts a member that has joined after arming and is not bound",
    { faults: ["starts outside"], mistakes: ["evict unbound"] },
    11,
  );
  endless("never", "waits on after its barrier is gone", { mistakes: ["never gives up"] }, 10);
});

describe("C5: what counts as closed", () => {
  bad("a row that was evicted is renewed", { mistakes: ["renew after eviction"] }, 18);
  bad("an evicted member counts as drained", { mistakes: ["evicted is drained"] }, 14);
  bad("the version is attested, over an override", { faults: ["override"], mistakes: ["attest the version"] }, 14);
  holds(
    "the outcome is attested, over an override: never proven",
    { faults: ["override"], options: ["coordinators time out", "no eviction"] },
    { proven: 0 },
  );
  bad("limit: a member with an override joins after the proof", { faults: ["override"] }, 20);
  bad(
    "a row of another lineage counts as absent",
    { faults: ["reads a copy"], mistakes: ["another lineage is absent"] },
    5,
  );
  holds("a row of another lineage is not closed", { faults: ["reads a copy"], options: ["coordinators time out"] });
});

describe("C6: prove by a write to the barrier, after a look at the records", () => {
  holds("another process opens and closes at any time", { faults: ["another opens", "another closes"] });
  bad(
    "does not look at the records",
    { faults: ["another opens", "another closes"], mistakes: ["no look at the records"] },
    16,
  );
  bad("returns without a proof after a sweep", { mistakes: ["no proof"] }, 21);
});

describe("reads that are not linearizable", () => {
  bad("the first read of a member that joins", { faults: ["starts outside", "stale first read"] }, 7);
  bad("the list that the coordinator reads", { faults: ["starts outside", "stale list"] }, 7);
  bad("the feed, and it is believed", { faults: ["stale feed"], mistakes: ["follow an older version"] }, 15);
  holds("the feed, and a held closure stays", { faults: ["stale feed"] }, { states: 10_709 });
});

describe("clocks", () => {
  bad("a suspended machine, by the monotonic clock alone", { faults: ["suspend"], clocks: ["monotonic"] }, 14);
  holds(
    "a suspended machine, by the later of two clocks",
    { faults: ["suspend"], clocks: ["monotonic", "wall"] },
    {
      states: 10_709,
    },
  );
  bad(
    "a suspended machine and the wall clock set back, by two clocks",
    { faults: ["suspend and wall clock set back"], clocks: ["monotonic", "wall"] },
    14,
  );
  holds(
    "a suspended machine and the wall clock set back, by three clocks",
    { faults: ["suspend and wall clock set back"] },
    { states: 10_709 },
  );
  bad("limit: a paused hypervisor", { faults: ["hypervisor pause"] }, 14);
  holds(
    "the wall clock of the coordinator jumps forward",
    { faults: ["wall clock jumps forward"] },
    { states: 10_709 },
  );
  bad(
    "the same, and the coordinator observes by it",
    { faults: ["wall clock jumps forward"], mistakes: ["observe by wall clock"] },
    12,
  );
  holds("the clocks miss one tick of four", { lease: 3, observation: 4, missedTicks: 1 });
  bad("the clocks miss two ticks of four", { lease: 3, observation: 4, missedTicks: 2 }, 15);
  bad(
    "the closure ends by the member's clock",
    { faults: ["closure has an end"], mistakes: ["end held closure by clock"] },
    15,
  );
  holds("a held closure does not end by a clock", { faults: ["closure has an end"] }, { states: 10_709 });
});

describe("a failover that loses the last change", () => {
  bad("the older version is followed", { faults: ["failover"], mistakes: ["follow an older version"] }, 16);
  holds("a held closure stays", { faults: ["failover"], options: ["no eviction"] });
  bad("limit: a member that joins afterwards", { faults: ["failover"] }, 21);
  bad("limit: the version is reached again", { faults: ["failover", "edit"], options: ["no eviction"] }, 17);
});
