import { expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";

// This test needs its own file: no other test may have loaded the engine for regular expressions.
test("configured regular expressions apply from the first decision, and an invalid one is ignored and reported", async () => {
  const { gate, controller, passes, log } = gateUnderTest({
    exempt: { paths: ["re:^/news/\\d+$", "re:(", "/healthz"] },
    operatorPaths: ["re:^/ops/"],
  });
  gateInternals(gate).addOperatorPaths(["re:^/more/"]);
  await controller.execute({ type: "close" }, BY);
  await gate.ready();
  expect(["/news/7", "/news/x", "/ops/x", "/more/x", "/healthz", "/"].map((target) => passes({ target }))).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
  ]);
  expect(log.filter((line) => line.startsWith("A pattern is ignored: "))).toEqual([expect.stringContaining("'re:('")]);
  await gate.close();
});
