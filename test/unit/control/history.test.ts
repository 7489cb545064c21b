import { expect, test } from "vitest";
import { type Controller, createController } from "../../../src/control/controller.ts";
import { memoryStore } from "../../../src/stores/memory.ts";

function shopController(): Controller {
  return createController({ store: memoryStore(), sites: { shop: {}, blog: {} } });
}

/** Calls `history` as a JavaScript program does, without type checks. */
function history(controller: Controller, query: unknown): Promise<unknown> {
  return Reflect.apply(controller.history, controller, [query]);
}

test("the history of an unknown site is refused with the one that was probably meant", async () => {
  const controller = shopController();
  await controller.close("shop");
  await expect(controller.history({ site: "shpo" })).rejects.toMatchObject({
    code: "ERR_UNKNOWN_SITE",
    message: "There is no site 'shpo'.",
    hint: "Did you mean 'shop'?",
  });
  await expect(controller.history({ site: "nope", before: 1 })).rejects.toMatchObject({
    hint: "Known sites: *, shop, blog.",
  });
});

test("the history of a known site, of `*` and of a removed site is returned, and its pages end empty", async () => {
  const controller = shopController();
  await controller.sites.add("news");
  await controller.sites.remove("news");
  expect(await controller.history({ site: "blog" })).toEqual([]);
  expect(await controller.history({ site: "*" })).toEqual([]);
  expect(await controller.history({ site: "news" })).toHaveLength(2);
  expect(await controller.history({ site: "news", before: 1 })).toEqual([]);
});

test.each([
  [{ limit: 0 }, "the history query, limit: expected at least 1, found 0.", /./],
  [{ limit: -1 }, "the history query, limit: expected at least 1, found -1.", /./],
  [{ limit: 5_000 }, "the history query, limit: expected at most 1000, found 5000.", /./],
  [{ limit: "5" }, "the history query, limit: expected a number, found '5'.", /Write 5\./],
  [{ limt: 1 }, "the history query: unknown member 'limt'.", /'limit'/],
  [{ before: 1.5 }, "the history query, before: expected a whole number, found 1.5.", /./],
  ["shop", "the history query: expected an object, found 'shop'.", /./],
])("the query %j is refused", async (query, message, hint) => {
  await expect(history(shopController(), query)).rejects.toMatchObject({
    code: "ERR_INVALID_COMMAND",
    message,
    hint: expect.stringMatching(hint),
  });
});
