import { expect, test } from "vitest";
import { createController } from "../../../src/control/controller.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";

const BY = { kind: "program", label: "test" } as const;

test("a record has at most a hundred links, and a new one replaces expired ones", async () => {
  const clock = createFakeClock();
  const controller = createController({ store: memoryStore(), sites: { shop: {} }, clock });
  const make = (expires?: string) => controller.links.create({ site: "shop", label: "QA", expires, by: BY });
  await make("1h");
  for (let count = 1; count < 100; count += 1) await make();
  await expect(make()).rejects.toMatchObject({
    code: "ERR_INVALID_COMMAND",
    message: "'shop' has 100 links; more are not possible.",
  });
  await clock.advance(3_600_000);
  const { outcomes } = await make();
  expect(outcomes[0]?.after?.links).toHaveLength(100);
  await expect(make()).rejects.toMatchObject({ code: "ERR_INVALID_COMMAND" });
});

test("there are at most a hundred access tokens", async () => {
  const controller = createController({ store: memoryStore() });
  const make = () => controller.tokens.create({ name: "ci", may: ["view"], by: BY });
  for (let count = 0; count < 100; count += 1) await make();
  await expect(make()).rejects.toMatchObject({
    code: "ERR_INVALID_COMMAND",
    message: "There are 100 tokens; more are not possible.",
  });
});
