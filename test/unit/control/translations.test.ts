import { expect, expectTypeOf, test } from "vitest";
import type { CloseCommand } from "../../../src/control/command.ts";
import { createController } from "../../../src/control/controller.ts";
import type { CloseOptions } from "../../../src/control/verbs.ts";
import { memoryStore } from "../../../src/stores/memory.ts";

test("a translation may have one of the two texts", async () => {
  const controller = createController({ store: memoryStore(), sites: { shop: {} } });
  await controller.close("shop", { translations: { de: { message: "Zurück um neun" } } });
  await controller.edit("shop", { version: 1, translations: { fr: { title: "Bientôt" } } });
  const { records } = await controller.state();
  expect(records.get("shop")?.notice.translations).toEqual({ fr: { title: "Bientôt", message: "" } });
});

test("the modes of a closure are those that are accepted", () => {
  expectTypeOf<CloseOptions["mode"]>().toEqualTypeOf<"closed" | "read-only" | undefined>();
  expectTypeOf<CloseCommand["mode"]>().toEqualTypeOf<"closed" | "read-only" | undefined>();
});
